package io.taskstorage.e2e.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.e2e.controller.Expected.Since;
import io.taskstorage.e2e.controller.History.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What must hold of every single write of a status, found by going through a history: Ready is
 * never True for a generation that some node has not acted on which was expected then.
 *
 * <p>Nobody can know of a node what the server has not told yet. So a node counts as one that
 * joined later, and as nothing else, in these cases, all of them by the order of versions and none
 * by time:
 *
 * <ul>
 *   <li>what made it one that is expected (its Node, its agent's pod, the map) was not among what
 *       the controller had surely taken in when it computed the status: see {@link Knowledge}. A
 *       write says for which version of its own object it was computed, for the server takes it for
 *       no other: for the one that it replaced.
 *   <li>of a policy of a namespace: the first pod on the node was stored after the generation was.
 *       Pods are asked for, not watched, once at least after a generation is known.
 * </ul>
 */
final class Promise {
  private static final Map<String, String> KINDS =
      Map.of(
          History.MAPS, "TaskStorageMap",
          History.CLUSTER_POLICIES, "ClusterTaskStoragePolicy",
          History.POLICIES, "TaskStoragePolicy");

  private final Map<String, JsonNode> objects = new HashMap<>();
  private final Expected expected = new Expected(objects);
  private final List<Knowledge> writers;

  /** In which version the generation of an object came. */
  private final Map<String, Long> came = new HashMap<>();

  /** Uids of Node, map and object, generation: who has ever acted on what. */
  private final Set<String> acted = new HashSet<>();

  private final List<String> broken = new ArrayList<>();
  private int checked;
  private int bound;

  private Promise(List<Knowledge> writers) {
    this.writers = writers;
  }

  /**
   * Goes through a history.
   *
   * @param checked how many writes said of a generation for the first time that it is in force
   * @param bound how many nodes had to have acted, over all of these writes
   * @param broken what was wrong, one sentence each
   */
  record Findings(int checked, int bound, List<String> broken) {}

  /**
   * Looks at each write of a history.
   *
   * @param writers of all controllers that wrote in it
   */
  static Findings of(List<Event> history, List<Knowledge> writers) {
    Promise promise = new Promise(writers);
    history.forEach(promise::take);
    return new Findings(promise.checked, promise.bound, promise.broken);
  }

  private void take(Event event) {
    JsonNode before = objects.get(event.key());
    if (event.type().equals("DELETED")) {
      objects.remove(event.key());
    } else {
      objects.put(event.key(), event.object());
      if (before == null || !generation(before).equals(generation(event.object()))) {
        came.put(event.key(), event.version());
        noteFailing(event.key(), event.object());
      }
    }
    expected.update();
    if (event.plural().equals(History.STATES)) {
      objects.forEach((key, object) -> noteActed(event.object(), key, object));
    }
    if (KINDS.containsKey(event.plural()) && before != null && event.type().equals("MODIFIED")) {
      judge(before, event);
    }
  }

  private static String generation(JsonNode object) {
    return object.at("/metadata/uid").asText() + " " + object.at("/metadata/generation").asText();
  }

  private void judge(JsonNode before, Event event) {
    JsonNode now = event.object();
    if (!History.ready(now).equals("True") || before.path("status").equals(now.path("status"))) {
      return;
    }
    long generation = now.at("/metadata/generation").asLong();
    if (now.at("/status/observedGeneration").asLong() != generation) {
      broken.add(event.key() + ": Ready is True for another generation than " + generation);
    }
    if (now.at("/status/programmedGeneration").asLong() != generation) {
      broken.add(event.key() + ": Ready is True, and the generation is not recorded");
    }
    if (before.at("/status/programmedGeneration").asLong() == generation) {
      return;
    }
    checked++;
    JsonNode map = expected.mapOf(event.key(), now);
    List<Map<String, Long>> known = known(before, event);
    expected
        .of(event.key())
        .forEach(
            (node, since) -> {
              if (isKnown(since, known, before, event)) {
                bound++;
                String uid =
                    Worlds.uid(Objects.requireNonNull(objects.get(History.NODES + " /" + node)));
                if (map != null && !acted.contains(act(uid, map, now))) {
                  broken.add(
                      "%s: Ready is True for generation %d in version %d, and %s has not acted on it"
                          .formatted(event.key(), generation, event.version(), node));
                }
              }
            });
  }

  /** What each of the controllers knew that may have written this. */
  private List<Map<String, Long>> known(JsonNode before, Event event) {
    List<Map<String, Long>> known =
        writers.stream()
            .filter(writer -> writer.mayHaveWritten(event.version()))
            .map(
                writer ->
                    writer.before(
                        String.valueOf(KINDS.get(event.plural())),
                        before.at("/metadata/resourceVersion").asLong()))
            .toList();
    if (known.isEmpty()) {
      broken.add(event.key() + ": nobody was there to write version " + event.version());
    }
    return known;
  }

  private boolean isKnown(
      Since since, List<Map<String, Long>> known, JsonNode before, Event event) {
    boolean isOwnMap = event.plural().equals(History.MAPS);
    long computedFor = before.at("/metadata/resourceVersion").asLong();
    return since.pod() <= came.getOrDefault(event.key(), 0L)
        && (!isOwnMap || since.map() <= computedFor)
        && known.stream()
            .allMatch(
                versions ->
                    since.node() <= versions.getOrDefault("Node", 0L)
                        && since.agent() <= versions.getOrDefault("AgentPod", 0L)
                        && (isOwnMap
                            || since.map() <= versions.getOrDefault("TaskStorageMap", 0L)));
  }

  private static String act(String nodeUid, JsonNode map, JsonNode object) {
    return nodeUid + " " + Worlds.uid(map) + " " + generation(object);
  }

  /** A node that said before that it cannot says nothing new of another generation. */
  private void noteFailing(String key, JsonNode object) {
    objects.forEach(
        (other, state) -> {
          if (other.startsWith(History.STATES + " ")) {
            noteActed(state, key, object);
          }
        });
  }

  /** A node that reports that it cannot has acted, too: how many may fail is counted elsewhere. */
  private void noteActed(JsonNode state, String key, JsonNode object) {
    JsonNode map = expected.mapOf(key, object);
    if (map == null) {
      return;
    }
    for (JsonNode row : state.at("/status/maps")) {
      if (row.path("uid").asText().equals(Worlds.uid(map)) && hasActed(row, key, object)) {
        acted.add(act(Worlds.owner(state), map, object));
      }
    }
  }

  private static boolean hasActed(JsonNode row, String key, JsonNode object) {
    String state = row.path("state").asText();
    if (key.startsWith(History.MAPS + " ")) {
      return !state.equals("Removing")
          && row.path("generation").asLong() == object.at("/metadata/generation").asLong();
    }
    return state.equals("Failed") || hasToken(row, object);
  }

  private static boolean hasToken(JsonNode row, JsonNode object) {
    String begin =
        object.at("/metadata/uid").asText().replace("-", "").substring(0, 12)
            + ":"
            + object.at("/metadata/generation").asText();
    for (JsonNode token : row.path("policies")) {
      if (token.asText().startsWith(begin)
          && token.asText().substring(begin.length()).matches("[a-z]*")) {
        return true;
      }
    }
    return false;
  }
}
