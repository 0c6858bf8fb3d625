package io.taskstorage.e2e.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.e2e.controller.History.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of every single write of a status, found by going through a history: Ready is
 * never True for a generation that some node has not acted on which was expected then. A node that
 * was not expected for long may not have been heard of; it counts as one that joined later.
 */
final class Promise {
  private static final long HEARD_OF_NANOS = Duration.ofSeconds(5).toNanos();

  private final Map<String, JsonNode> objects = new HashMap<>();

  /** Since when a node is expected to act on an object. */
  private final Map<String, Map<String, Long>> since = new HashMap<>();

  private final List<String> broken = new ArrayList<>();
  private int checked;

  private Promise() {}

  /**
   * Goes through a history.
   *
   * @param checked how many writes said of a generation for the first time that it is in force
   * @param broken what was wrong, one sentence each
   */
  record Findings(int checked, List<String> broken) {}

  static Findings of(List<Event> history) {
    Promise promise = new Promise();
    history.forEach(promise::take);
    return new Findings(promise.checked, promise.broken);
  }

  private void take(Event event) {
    JsonNode before = objects.get(event.key());
    if (event.type().equals("DELETED")) {
      objects.remove(event.key());
      since.remove(event.key());
    } else {
      objects.put(event.key(), event.object());
    }
    expect(event.nanos());
    if (isOwn(event) && event.type().equals("MODIFIED")) {
      judge(before, event);
    }
  }

  private static boolean isOwn(Event event) {
    return Set.of(History.MAPS, History.CLUSTER_POLICIES, History.POLICIES)
        .contains(event.plural());
  }

  private void judge(@Nullable JsonNode before, Event event) {
    JsonNode now = event.object();
    if (!History.ready(now).equals("True") || isSameStatus(before, now)) {
      return;
    }
    long generation = now.path("metadata").path("generation").asLong();
    if (now.path("status").path("observedGeneration").asLong() != generation) {
      broken.add(event.key() + ": Ready is True for another generation than " + generation);
    }
    if (now.path("status").path("programmedGeneration").asLong() != generation) {
      broken.add(event.key() + ": Ready is True, and the generation is not recorded");
    }
    if (before != null
        && before.path("status").path("programmedGeneration").asLong() == generation) {
      return;
    }
    checked++;
    since
        .getOrDefault(event.key(), Map.of())
        .forEach(
            (node, nanos) -> {
              if (event.nanos() - nanos >= HEARD_OF_NANOS && !hasActed(node, now, generation)) {
                broken.add(
                    "%s: Ready is True for generation %d, and %s has not acted on it"
                        .formatted(event.key(), generation, node));
              }
            });
  }

  private static boolean isSameStatus(@Nullable JsonNode before, JsonNode now) {
    return before != null && before.path("status").equals(now.path("status"));
  }

  /** Brings up to date who is expected to act on what. */
  private void expect(long nanos) {
    Map<String, Set<String>> namespaces = new HashMap<>();
    Set<String> agents = new HashSet<>();
    List<JsonNode> nodes = new ArrayList<>();
    objects.forEach(
        (key, object) -> {
          if (key.startsWith(History.PODS + " ")) {
            String node = object.path("spec").path("nodeName").asText("");
            String namespace = object.path("metadata").path("namespace").asText();
            namespaces.computeIfAbsent(node, _ -> new HashSet<>()).add(namespace);
            if (namespace.equals(Cluster.NAMESPACE) && Worlds.isReady(object)) {
              agents.add(node);
            }
          } else if (key.startsWith(History.NODES + " ")) {
            nodes.add(object);
          }
        });
    objects.forEach(
        (key, object) -> {
          JsonNode map = mapOf(key, object);
          if (map == null) {
            return;
          }
          Map<String, Long> known = since.computeIfAbsent(key, _ -> new HashMap<>());
          Set<String> expected = new HashSet<>();
          for (JsonNode node : nodes) {
            String name = Worlds.name(node);
            String namespace = object.path("metadata").path("namespace").asText("");
            if (Worlds.isReady(node)
                && agents.contains(name)
                && selects(map, node)
                && (namespace.isEmpty()
                    || namespaces.getOrDefault(name, Set.of()).contains(namespace))) {
              expected.add(name);
            }
          }
          known.keySet().retainAll(expected);
          expected.forEach(name -> known.putIfAbsent(name, nanos));
        });
  }

  private static boolean selects(JsonNode map, JsonNode node) {
    Map<String, String> labels = Worlds.labels(node);
    for (Map.Entry<String, JsonNode> wanted :
        map.path("spec").path("nodeSelector").path("matchLabels").properties()) {
      if (!wanted.getValue().asText().equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    return true;
  }

  /** The map itself, or the one that a policy is for; null where there is none. */
  private @Nullable JsonNode mapOf(String key, JsonNode object) {
    if (key.startsWith(History.MAPS + " ")) {
      return object;
    }
    if (key.startsWith(History.CLUSTER_POLICIES + " ") || key.startsWith(History.POLICIES + " ")) {
      return objects.get(History.MAPS + " /" + object.at("/spec/targetRefs/0/name").asText());
    }
    return null;
  }

  /** A node that reports that it cannot has acted, too: how many may fail is counted elsewhere. */
  private boolean hasActed(String node, JsonNode object, long generation) {
    JsonNode map = mapOf(keyOf(object), object);
    JsonNode state = objects.get(History.STATES + " /" + node);
    if (map == null || state == null) {
      return false;
    }
    String uid = map.path("metadata").path("uid").asText();
    for (JsonNode row : state.path("status").path("maps")) {
      if (row.path("uid").asText().equals(uid)) {
        if (row.path("state").asText().equals("Failed")) {
          return true;
        }
        return map.equals(object)
            ? row.path("generation").asLong() == generation
            : hasToken(row, object.path("metadata").path("uid").asText(), generation);
      }
    }
    return false;
  }

  private static boolean hasToken(JsonNode row, String uid, long generation) {
    String begin = uid.replace("-", "").substring(0, 12) + ":" + generation;
    for (JsonNode token : row.path("policies")) {
      if (token.asText().startsWith(begin)
          && token.asText().substring(begin.length()).matches("[a-z]*")) {
        return true;
      }
    }
    return false;
  }

  private static String keyOf(JsonNode object) {
    String kind =
        switch (object.path("kind").asText()) {
          case "TaskStorageMap" -> History.MAPS;
          case "ClusterTaskStoragePolicy" -> History.CLUSTER_POLICIES;
          default -> History.POLICIES;
        };
    JsonNode metadata = object.path("metadata");
    return kind
        + " "
        + metadata.path("namespace").asText("")
        + "/"
        + metadata.path("name").asText();
  }
}
