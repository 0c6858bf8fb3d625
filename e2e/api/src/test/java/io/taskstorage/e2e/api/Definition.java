package io.taskstorage.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * One of the definitions under {@code crds/}.
 *
 * <p>The path of a schema is that of its values, with {@code []} for elements of a list and {@code
 * [*]} for values of a map: {@code spec.values[].field}.
 */
record Definition(ObjectNode crd) {

  static final Path FOLDER = Path.of(System.getProperty("root.dir", "../.."), "crds");

  static List<Definition> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> !file.endsWith("kustomization.yaml"))
          .sorted()
          .map(file -> new Definition((ObjectNode) Corpus.documents(file).getFirst()))
          .toList();
    } catch (IOException e) {
      throw new AssertionError("list " + FOLDER, e);
    }
  }

  static Definition of(String kind) {
    return all().stream().filter(d -> d.kind().equals(kind)).findFirst().orElseThrow();
  }

  String kind() {
    return crd.at("/spec/names/kind").asText();
  }

  JsonNode schema() {
    return crd.at("/spec/versions/0/schema/openAPIV3Schema");
  }

  /** An item of a list, which says neither its version nor its kind. */
  JsonNode identified(JsonNode item) {
    ObjectNode object = item.deepCopy();
    object.put("apiVersion", group() + "/v1alpha1").put("kind", kind());
    return object;
  }

  String group() {
    return crd.at("/spec/group").asText();
  }

  /**
   * The same definition of another group, so that it can be changed without harm to other tests.
   */
  Definition copy(String group) {
    ObjectNode copy = crd.deepCopy();
    String plural = copy.at("/spec/names/plural").asText();
    ((ObjectNode) copy.path("metadata")).put("name", plural + "." + group);
    ((ObjectNode) copy.path("spec")).put("group", group);
    ((ObjectNode) copy.at("/spec/names")).remove(List.of("shortNames", "categories"));
    return new Definition(copy);
  }

  @Override
  public String toString() {
    return kind();
  }

  /** Shows every schema of what people write: the spec, and what is asked of metadata. */
  void walkSpec(BiConsumer<String, JsonNode> visitor) {
    walk(
        schema(),
        "",
        (path, schema) -> {
          if (!path.startsWith("status") && !path.equals("apiVersion") && !path.equals("kind")) {
            visitor.accept(path, schema);
          }
        });
  }

  /** Shows every schema of the status. */
  void walkStatus(BiConsumer<String, JsonNode> visitor) {
    walk(schema().at("/properties/status"), "status", visitor);
  }

  private static void walk(JsonNode schema, String path, BiConsumer<String, JsonNode> visitor) {
    visitor.accept(path, schema);
    schema
        .path("properties")
        .properties()
        .forEach(
            entry ->
                walk(
                    entry.getValue(),
                    path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                    visitor));
    if (schema.has("items")) {
      walk(schema.get("items"), path + "[]", visitor);
    }
    if (schema.has("additionalProperties")) {
      walk(schema.get("additionalProperties"), path + "[*]", visitor);
    }
  }

  /** Shows every value of the object beside its schema's path. */
  void walkValues(JsonNode object, BiConsumer<String, JsonNode> visitor) {
    walkValues(schema(), object, "", visitor);
  }

  private static void walkValues(
      JsonNode schema, JsonNode value, String path, BiConsumer<String, JsonNode> visitor) {
    if (value.isMissingNode() || schema.isMissingNode()) {
      return;
    }
    visitor.accept(path, value);
    schema
        .path("properties")
        .properties()
        .forEach(
            entry ->
                walkValues(
                    entry.getValue(),
                    value.path(entry.getKey()),
                    path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                    visitor));
    for (JsonNode element : schema.has("items") ? value : Corpus.YAML.createArrayNode()) {
      walkValues(schema.get("items"), element, path + "[]", visitor);
    }
    if (schema.has("additionalProperties")) {
      value.forEach(
          element ->
              walkValues(schema.get("additionalProperties"), element, path + "[*]", visitor));
    }
  }
}
