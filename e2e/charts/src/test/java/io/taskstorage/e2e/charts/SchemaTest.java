package io.taskstorage.e2e.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas have no holes: what they do not name, they refuse. */
class SchemaTest {

  private static final YAMLMapper YAML = new YAMLMapper();

  /** Helm puts it into the values of every chart. */
  private static final String GLOBAL = "global";

  @ParameterizedTest
  @ValueSource(strings = {"task-storage-operator", "task-storage-crds"})
  void objectsAreClosed(String chart) throws IOException {
    List<String> open = new ArrayList<>();
    collectOpen(schema(chart), "", open);
    assertThat(open).isEmpty();
  }

  /** A rule of its own is a schema of the values too, and says of no object which fields it has. */
  private static void collectOpen(JsonNode schema, String path, List<String> open) {
    boolean object = schema.path("type").asText().equals("object");
    if (object && !schema.has("additionalProperties")) {
      open.add(path);
    }
    if (schema.path("additionalProperties").isBoolean()
        && schema.path("additionalProperties").asBoolean()) {
      open.add(path);
    }
    if (schema.has("properties") && !object && !isCondition(path)) {
      open.add(path);
    }
    for (Map.Entry<String, JsonNode> each : schema.properties()) {
      collectOpen(each.getValue(), path + "/" + each.getKey(), open);
    }
    if (schema.isArray()) {
      schema.forEach(each -> collectOpen(each, path + "/-", open));
    }
  }

  private static boolean isCondition(String path) {
    return path.endsWith("/if") || path.endsWith("/then") || path.endsWith("/else");
  }

  /** values.yaml has a default for each field of the schema, and no other. */
  @ParameterizedTest
  @ValueSource(strings = {"task-storage-operator", "task-storage-crds"})
  void valuesNameEveryField(String chart) throws IOException {
    // Given
    JsonNode schema = schema(chart);
    Set<String> inSchema = new TreeSet<>();
    collectFields(schema, schema, "", inSchema);
    inSchema.remove("/" + GLOBAL);
    // When
    Set<String> inValues = new TreeSet<>();
    collectValues(
        inSchema, YAML.readTree(folder(chart).resolve("values.yaml").toFile()), "", inValues);
    // Then
    assertThat(inValues).isEqualTo(inSchema);
  }

  /** Fields down to those that are Kubernetes' own structures, which have no defaults of ours. */
  private static void collectFields(
      JsonNode schema, JsonNode root, String path, Set<String> fields) {
    for (Map.Entry<String, JsonNode> each : schema.path("properties").properties()) {
      String field = path + "/" + each.getKey();
      JsonNode inner = resolve(each.getValue(), root);
      boolean ours = inner.has("properties") && inner.has("required");
      if (ours) {
        collectFields(inner, root, field, fields);
      } else {
        fields.add(field);
      }
    }
  }

  private static JsonNode resolve(JsonNode schema, JsonNode root) {
    String reference = schema.path("$ref").asText();
    return reference.isEmpty() ? schema : root.at(reference.substring(1));
  }

  private static void collectValues(
      Set<String> fields, JsonNode values, String path, Set<String> found) {
    for (Map.Entry<String, JsonNode> each : values.properties()) {
      String field = path + "/" + each.getKey();
      if (fields.contains(field) || !each.getValue().isObject() || each.getValue().isEmpty()) {
        found.add(field);
      } else {
        collectValues(fields, each.getValue(), field, found);
      }
    }
  }

  private static JsonNode schema(String chart) throws IOException {
    return YAML.readTree(folder(chart).resolve("values.schema.json").toFile());
  }

  private static Path folder(String chart) {
    return Helm.ROOT.resolve("charts").resolve(chart);
  }
}
