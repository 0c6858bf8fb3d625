package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The truth tables by which the policy engine selects labels are the server's truth: every row is
 * asked of it, with an object that has the row's labels.
 */
@ApiServerTest
@ExtendWith(ServerParameter.class)
@NewestOnly
class LabelSelectorTest {

  private static final Path TABLES =
      Path.of(
          System.getProperty("root.dir", "../.."),
          "operator/policy/src/test/resources/LabelSelectionTest");

  private static final Map<String, String> SIGNS = Map.of("In", "in", "NotIn", "notin");

  /**
   * Rows of {@code selectors.table} whose selectors no label selector of the server can say: their
   * operators are none, or their parts are missing. The engine refuses them before anybody selects.
   */
  private static final Set<String> UNSAYABLE =
      Set.of(
          "{matchExpressions: [{key: a, operator: Gt, values: [\"1\"]}]}",
          "{matchExpressions: [{key: a, operator: in, values: [b]}]}",
          "{matchExpressions: [{key: a}]}",
          "{matchExpressions: [{operator: DoesNotExist}]}",
          "{matchExpressions: [{key: a, operator: In}]}");

  /** What the engine's table says of one selector and one set of labels. */
  private record Row(boolean isTaken, String selector, Map<String, String> labels) {}

  @Test
  void rowsInTheServersOwnWordsAreAsItSelects(Server server, ApiServer started) {
    // Given
    List<Row> rows =
        rows("kubectl.table")
            .map(cells -> new Row(cells[0].equals("yes"), cells[1], labels(cells[2])))
            .toList();
    // Then
    assertThat(rows).hasSizeGreaterThanOrEqualTo(150);
    assertThat(differences(rows, server, started)).isEmpty();
  }

  @Test
  void rowsAsInManifestsAreAsItSelects(Server server, ApiServer started) {
    // Given
    List<Row> rows = new ArrayList<>();
    Set<String> unsayable = new TreeSet<>();
    List<String[]> cells = rows("selectors.table").toList();
    for (String[] each : cells) {
      JsonNode selector = Corpus.read(each[1]);
      if (isSayable(selector)) {
        rows.add(new Row(each[0].equals("yes"), said(selector), texts(Corpus.read(each[2]))));
      } else {
        unsayable.add(each[1]);
        // What nobody can ask for takes nothing.
        assertThat(each[0]).as(each[1]).isEqualTo("no");
      }
    }
    // Then
    assertThat(unsayable).isEqualTo(new TreeSet<>(UNSAYABLE));
    assertThat(rows).hasSize(cells.size() - UNSAYABLE.size());
    assertThat(differences(rows, server, started)).isEmpty();
  }

  /** Rows of which the server says something else than the table. */
  private static List<String> differences(List<Row> rows, Server server, ApiServer started) {
    Map<Map<String, String>, String> nameOf = new HashMap<>();
    ObjectNode some = configMap(started.createNamespace("selectors"), "none", Map.of());
    for (Row row : rows) {
      nameOf.computeIfAbsent(
          row.labels(),
          labels -> {
            String namespace = some.at("/metadata/namespace").asText();
            String name = "labels-" + nameOf.size();
            server.create(configMap(namespace, name, labels)).taken();
            return name;
          });
    }
    Map<String, Set<String>> selected = new HashMap<>();
    List<String> differences = new ArrayList<>();
    for (Row row : rows) {
      Set<String> names =
          selected.computeIfAbsent(
              row.selector(), selector -> names(server.select(some, selector).taken()));
      if (names.contains(String.valueOf(nameOf.get(row.labels()))) != row.isTaken()) {
        differences.add(row + ": the server selects " + names);
      }
    }
    return differences;
  }

  private static Set<String> names(JsonNode list) {
    Set<String> names = new TreeSet<>();
    list.path("items").forEach(item -> names.add(item.at("/metadata/name").asText()));
    return names;
  }

  private static ObjectNode configMap(String namespace, String name, Map<String, String> labels) {
    ObjectNode object = Corpus.YAML.createObjectNode();
    object.put("apiVersion", "v1").put("kind", "ConfigMap");
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("namespace", namespace).put("name", name);
    ObjectNode put = metadata.putObject("labels");
    labels.forEach(put::put);
    return object;
  }

  /** As the server's own conversion from a selector of an object to a selector of a list. */
  private static String said(JsonNode selector) {
    List<String> parts = new ArrayList<>();
    texts(selector.path("matchLabels")).forEach((key, value) -> parts.add(key + "=" + value));
    for (JsonNode requirement : selector.path("matchExpressions")) {
      String key = requirement.path("key").asText();
      parts.add(
          switch (requirement.path("operator").asText()) {
            case "Exists" -> key;
            case "DoesNotExist" -> "!" + key;
            case String operator -> key + " " + SIGNS.get(operator) + " " + values(requirement);
          });
    }
    return String.join(",", parts);
  }

  private static String values(JsonNode requirement) {
    return requirement
        .path("values")
        .valueStream()
        .map(JsonNode::asText)
        .collect(Collectors.joining(",", "(", ")"));
  }

  private static boolean isSayable(JsonNode selector) {
    for (JsonNode requirement : selector.path("matchExpressions")) {
      boolean hasValues = !requirement.path("values").isEmpty();
      boolean isSayable =
          requirement.has("key")
              && switch (requirement.path("operator").asText()) {
                case "Exists", "DoesNotExist" -> !hasValues;
                case "In", "NotIn" -> hasValues;
                default -> false;
              };
      if (!isSayable) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new TreeMap<>();
    object.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  private static Map<String, String> labels(String cell) {
    Map<String, String> labels = new TreeMap<>();
    if (!cell.equals("-")) {
      for (String label : cell.split(",", -1)) {
        int end = label.indexOf('=');
        labels.put(label.substring(0, end), label.substring(end + 1));
      }
    }
    return labels;
  }

  private static Stream<String[]> rows(String table) {
    try {
      return Files.readAllLines(TABLES.resolve(table)).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toArray(String[]::new));
    } catch (IOException e) {
      throw new AssertionError("read " + TABLES.resolve(table), e);
    }
  }
}
