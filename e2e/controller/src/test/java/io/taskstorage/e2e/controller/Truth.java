package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.simulator.ClusterObjects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What statuses ought to say, counted a second time and plainly over the objects that the API
 * server holds: all that a status has but its sentences and the times of transitions.
 */
final class Truth {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String GROUP = "/apis/taskstorage.io/v1alpha1/";
  private static final List<String> KINDS =
      List.of("taskstoragemaps", "clustertaskstoragepolicies", "taskstoragepolicies");

  /** What comes and goes with tasks: written with what else changes, or ten minutes later. */
  private static final List<String> COUNTS = List.of("pods", "containers", "tasks");

  private final ClusterObjects objects;

  Truth(ClusterObjects objects) {
    this.objects = objects;
  }

  /** Waits until every status says all that it ought to. */
  void awaitEverywhere() {
    await()
        .atMost(Cluster.PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .untilAsserted(this::check);
  }

  /**
   * Waits until every status says all that it ought to, but for what is found out later: how many
   * carry a value, and where the pods of a policy are that is not in force yet. These are asked for
   * once in a while (PodQuestions), for nobody watches them.
   */
  void awaitAllButCounts() {
    await()
        .atMost(Cluster.PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .untilAsserted(
            () -> {
              Map<String, JsonNode> due = due();
              Map<String, JsonNode> said = said();
              List<String> asking =
                  said.entrySet().stream()
                      .filter(each -> asks(each.getKey(), each.getValue(), due))
                      .map(Map.Entry::getKey)
                      .toList();
              due.keySet().removeAll(asking);
              said.keySet().removeAll(asking);
              assertThat(text(withoutCounts(said))).isEqualTo(text(withoutCounts(due)));
            });
  }

  /** Whether a status waits for nodes, and for others than those that run pods now. */
  private static boolean asks(String key, JsonNode said, Map<String, JsonNode> due) {
    JsonNode other = due.get(key);
    return key.startsWith("TaskStoragePolicy ")
        && other != null
        && said.path("observedGeneration").asLong() != said.path("programmedGeneration").asLong()
        && said.at("/nodes/expected").asLong() != other.at("/nodes/expected").asLong();
  }

  /** Fails unless every status says all that it ought to. */
  void check() {
    assertThat(text(said())).isEqualTo(text(due()));
  }

  /** Whether every status says all that it ought to. */
  boolean isTold() {
    return text(said()).equals(text(due()));
  }

  /** What each status says, by kind and name. */
  Map<String, JsonNode> said() {
    Map<String, JsonNode> said = new TreeMap<>();
    for (String plural : KINDS) {
      for (JsonNode object : items(GROUP + plural)) {
        ObjectNode status =
            object.path("status") instanceof ObjectNode known
                ? known.deepCopy()
                : JSON.createObjectNode();
        for (String rows : List.of("conditions", "failures")) {
          for (JsonNode row : status.path(rows)) {
            assertThat(row.path("message").asText()).as("message in %s", row).isNotBlank();
            ((ObjectNode) row).remove(List.of("message", "lastTransitionTime"));
          }
        }
        said.put(
            key(
                object.path("kind").asText(),
                object.at("/metadata/namespace").asText(""),
                Worlds.name(object)),
            status);
      }
    }
    return said;
  }

  /** What one says, a line for each value; empty without it. */
  String said(String key) {
    JsonNode status = said().get(key);
    return status == null ? "" : text(Map.of("", status));
  }

  /** What the nodes say. */
  List<String> states() {
    return items(GROUP + "taskstoragenodestates").stream()
        .map(state -> Worlds.name(state) + " " + state.path("status"))
        .toList();
  }

  /** What each ought to say; numbers are of other types than those that were read. */
  private Map<String, JsonNode> due() {
    return new DueStatuses(
            items(GROUP + KINDS.get(0)),
            items(GROUP + KINDS.get(1)),
            items(GROUP + KINDS.get(2)),
            items("/api/v1/namespaces"),
            items("/api/v1/nodes"),
            items("/api/v1/pods"),
            items(GROUP + "taskstoragenodestates"))
        .all();
  }

  /** By which a status is known; without a namespace it is null or empty. */
  static String key(String kind, @Nullable String namespace, String name) {
    return kind + " " + (namespace == null || namespace.isEmpty() ? "" : namespace + "/") + name;
  }

  private static Map<String, JsonNode> withoutCounts(Map<String, JsonNode> statuses) {
    statuses.values().stream()
        .map(status -> status.path("entries"))
        .filter(ObjectNode.class::isInstance)
        .forEach(entries -> ((ObjectNode) entries).remove(COUNTS));
    return statuses;
  }

  /** A line for each value, so that a difference is read at once. */
  private static String text(Map<String, JsonNode> statuses) {
    StringBuilder text = new StringBuilder();
    statuses.forEach((key, status) -> lines(key, status, text));
    return text.toString();
  }

  private static void lines(String path, JsonNode value, StringBuilder into) {
    if (value.isObject()) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      value.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
      into.append(sorted.isEmpty() ? path + ": nothing\n" : "");
      sorted.forEach((name, inner) -> lines(path + " " + name, inner, into));
    } else if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        lines(path + "[" + i + "]", value.path(i), into);
      }
    } else {
      into.append(path).append(": ").append(value.asText()).append('\n');
    }
  }

  /** The kind is told by each item, too, where the server leaves it out of lists. */
  private List<JsonNode> items(String path) {
    List<JsonNode> items = new ArrayList<>();
    objects
        .get(path)
        .ifPresent(
            list -> {
              String kind = list.path("kind").asText().replaceFirst("List$", "");
              for (JsonNode item : list.path("items")) {
                items.add(((ObjectNode) item).put("kind", kind));
              }
            });
    return items;
  }

  static <T> T read(JsonNode json, Class<T> type) {
    try {
      return JSON.treeToValue(json, type);
    } catch (JsonProcessingException e) {
      throw new AssertionError("read " + json, e);
    }
  }
}
