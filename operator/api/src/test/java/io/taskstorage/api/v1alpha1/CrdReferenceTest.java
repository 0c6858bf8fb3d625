package io.taskstorage.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of the API's reference is made from the definitions. */
class CrdReferenceTest {

  private static final Path REFERENCE =
      Path.of(System.getProperty("root.dir", "../.."), "docs/reference/api.md");

  private static final List<String> KINDS =
      List.of(
          TaskStorageMap.KIND,
          ClusterTaskStoragePolicy.KIND,
          TaskStoragePolicy.KIND,
          TaskStorageNodeState.KIND);

  @Test
  void referenceSaysWhatTheDefinitionsSay() throws IOException {
    // Given
    String expected = page();
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(REFERENCE, expected);
    }
    // When
    String written = Files.readString(REFERENCE);
    // Then
    assertThat(written).as("%s (-Dgolden.update=true rewrites it)", REFERENCE).isEqualTo(expected);
  }

  private static String page() {
    return """
    # API

    The kinds of `taskstorage.io/v1alpha1`, with every field, default and bound. `kubectl explain`
    says the same on a cluster that has the definitions:

    ```
    kubectl apply --server-side -k crds
    kubectl explain tsmap.spec.value.fields
    ```

    An object that breaks a bound or a rule is refused by the API server, all problems at once. A
    field that is neither required nor has a default may be absent. [Manifests](manifests.md) tells
    what the fields are for, [reasons](reasons.md) lists the words of conditions.

    %s
    ## Selectors

    Labels that an object must have: all of both parts. An empty selector takes every object.

    %s
    This page is made from `crds/`; a test compares the two.
    """
        .formatted(
            KINDS.stream().map(CrdReferenceTest::kind).collect(Collectors.joining()),
            table(
                Crds.schema(TaskStorageMap.KIND).at("/properties/spec/properties/nodeSelector"),
                "",
                true));
  }

  private static String kind(String kind) {
    JsonNode crd = Crds.of(kind);
    JsonNode properties = Crds.schema(kind).path("properties");
    String columns =
        columns(crd, 0) + "; with `-o wide` also " + columns(crd, 1).replaceFirst("^$", "nothing");
    return """
    ## %s

    %s

    %s-scoped, short name `%s`, category `taskstorage`. Columns: %s.%s

    %s%s\
    """
        .formatted(
            kind,
            Crds.schema(kind).path("description").asText(),
            crd.at("/spec/scope").asText(),
            crd.at("/spec/names/shortNames/0").asText(),
            columns,
            fieldSelectors(crd),
            part(properties.path("spec"), "spec") + rules(kind),
            part(properties.path("status"), "status"));
  }

  private static String columns(JsonNode crd, int priority) {
    List<String> names = new ArrayList<>();
    for (JsonNode column : Crds.version(crd).path("additionalPrinterColumns")) {
      if (column.path("priority").asInt() == priority) {
        names.add(column.path("name").asText());
      }
    }
    return String.join(", ", names);
  }

  private static String fieldSelectors(JsonNode crd) {
    List<String> paths = new ArrayList<>();
    Crds.version(crd)
        .path("selectableFields")
        .forEach(field -> paths.add("`" + field.path("jsonPath").asText().substring(1) + "`"));
    return paths.isEmpty() ? "" : " Field selectors: " + String.join(", ", paths) + ".";
  }

  private static String part(JsonNode schema, String name) {
    return schema.isMissingNode()
        ? ""
        : "%s\n\n%s\n".formatted(schema.path("description").asText(), table(schema, name, false));
  }

  private static String table(JsonNode schema, String name, boolean intoSelectors) {
    StringBuilder rows = new StringBuilder("| field | | type | meaning |\n|---|---|---|---|\n");
    addRows(schema, name, intoSelectors, rows);
    return rows.toString();
  }

  private static void addRows(
      JsonNode schema, String path, boolean intoSelectors, StringBuilder rows) {
    List<String> required = Crds.texts(schema.path("required"));
    schema
        .path("properties")
        .properties()
        .forEach(
            entry -> {
              JsonNode property = entry.getValue();
              String at = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
              boolean isSelector = property.path("properties").has("matchLabels");
              rows.append(
                  "| `%s` | %s | %s | %s |\n"
                      .formatted(
                          at,
                          presence(property, required.contains(entry.getKey())),
                          isSelector && !intoSelectors ? "[selector](#selectors)" : type(property),
                          plain(property.path("description").asText())));
              if (!isSelector || intoSelectors) {
                addRows(property, at, intoSelectors, rows);
                addRows(property.path("items"), at + "[]", intoSelectors, rows);
              }
            });
  }

  /** Text in which nothing means more to Markdown than it says. */
  private static String plain(String text) {
    return text.replace("|", "\\|").replace("_", "\\_").replace("*", "\\*");
  }

  private static String presence(JsonNode property, boolean required) {
    if (required) {
      return "required";
    }
    JsonNode value = property.path("default");
    boolean isShort = property.has("default") && value.toString().length() < 40;
    return isShort ? "`" + value.toString().replace("\"", "") + "`" : "";
  }

  private static String type(JsonNode property) {
    if (property.path("x-kubernetes-int-or-string").asBoolean()) {
      return "integer or string";
    }
    return switch (property.path("type").asText()) {
      case "string" -> text(property);
      case "integer" -> "integer" + range(property, "minimum", "maximum", "");
      case "array" -> list(property);
      case "object" ->
          property.has("additionalProperties")
              ? "at most %s pairs of strings".formatted(property.path("maxProperties").asText())
              : "object";
      default -> throw new AssertionError(property.toString());
    };
  }

  private static String text(JsonNode property) {
    if (property.has("enum")) {
      return Crds.texts(property.path("enum")).stream()
          .map(word -> "`" + word + "`")
          .collect(Collectors.joining(", "));
    }
    return property.path("format").asText().equals("date-time")
        ? "time, RFC 3339"
        : "string" + range(property, "minLength", "maxLength", " characters");
  }

  private static String list(JsonNode property) {
    String what =
        switch (property.path("x-kubernetes-list-type").asText()) {
          case "set" -> "set";
          case "map" ->
              "list by "
                  + String.join(", ", Crds.texts(property.path("x-kubernetes-list-map-keys")));
          default -> "list";
        };
    JsonNode items = property.path("items");
    String of = items.path("type").asText().equals("string") ? " of " + type(items) : "";
    return what + range(property, "minItems", "maxItems", "") + of;
  }

  private static String range(JsonNode property, String low, String high, String unit) {
    boolean hasLow = property.has(low);
    boolean hasHigh = property.has(high);
    String from = property.path(low).asText();
    String to = property.path(high).asText();
    if (hasLow && hasHigh) {
      return from.equals(to)
          ? ", exactly " + from + unit
          : ", %s to %s%s".formatted(from, to, unit);
    }
    if (hasHigh) {
      return ", at most " + to + unit;
    }
    return hasLow ? ", from " + from + unit : "";
  }

  /** What the server says where a rule that no table can show is broken. */
  private static String rules(String kind) {
    List<String> lines = new ArrayList<>();
    Crds.walk(
        Crds.schema(kind),
        "",
        (path, schema) -> {
          if (!path.matches(".*[sS]elector\\..*")) {
            schema
                .path("x-kubernetes-validations")
                .forEach(
                    rule ->
                        lines.add(
                            "- `%s`: %s\n"
                                .formatted(
                                    (path + rule.path("fieldPath").asText()).replaceFirst("^.", ""),
                                    plain(rule.path("message").asText()))));
          }
        });
    return lines.isEmpty() ? "" : "Rules:\n\n" + String.join("", lines) + "\n";
  }
}
