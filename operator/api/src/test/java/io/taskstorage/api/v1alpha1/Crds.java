package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** The definitions under {@code crds/}, as their authors wrote them. */
final class Crds {

  static final Path FOLDER = Path.of(System.getProperty("root.dir", "../.."), "crds");

  /** Each kind and the file that defines it. */
  static final Map<String, String> FILES =
      Map.of(
          TaskStorageMap.KIND, "taskstoragemaps.yaml",
          ClusterTaskStoragePolicy.KIND, "clustertaskstoragepolicies.yaml",
          TaskStoragePolicy.KIND, "taskstoragepolicies.yaml",
          TaskStorageNodeState.KIND, "taskstoragenodestates.yaml");

  private Crds() {}

  static JsonNode of(String kind) {
    Path file = FOLDER.resolve(String.valueOf(FILES.get(kind)));
    try {
      return Documents.YAML.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new AssertionError("read " + file, e);
    }
  }

  static JsonNode version(JsonNode crd) {
    return crd.at("/spec/versions/0");
  }

  static JsonNode schema(String kind) {
    return version(of(kind)).at("/schema/openAPIV3Schema");
  }

  /**
   * Shows every schema below this one, and itself, with its path: {@code .spec.values[].field}, and
   * {@code [*]} for the values of a map.
   */
  static void walk(JsonNode schema, String path, BiConsumer<String, JsonNode> visitor) {
    visitor.accept(path, schema);
    schema
        .path("properties")
        .properties()
        .forEach(entry -> walk(entry.getValue(), path + "." + entry.getKey(), visitor));
    if (schema.has("items")) {
      walk(schema.get("items"), path + "[]", visitor);
    }
    if (schema.has("additionalProperties")) {
      walk(schema.get("additionalProperties"), path + "[*]", visitor);
    }
  }

  /** All kinds, by name. */
  static Stream<String> kinds() {
    return FILES.keySet().stream().sorted();
  }

  /** Something that must hold for every schema. */
  interface Rule {
    List<String> problem(String path, JsonNode schema);
  }

  /** Every schema of the kind, by its path, that breaks the rule. */
  static List<String> problems(String kind, Rule rule) {
    List<String> problems = new ArrayList<>();
    walk(
        schema(kind),
        "",
        (path, schema) ->
            rule.problem(path, schema).forEach(problem -> problems.add(path + ": " + problem)));
    return problems;
  }

  /** The words of a list of strings. */
  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}
