package io.taskstorage.e2e.controller;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which nodes have to act on which object, and since when, while a history passes. */
final class Expected {

  /**
   * What made a node one that has to act, without a break since: the versions of these objects
   * then.
   *
   * @param agent the agent's pod that was Ready
   * @param pod the oldest one of the policy's namespace; 0 where pods do not matter
   */
  record Since(long node, long agent, long map, long pod) {}

  private final Map<String, JsonNode> objects;
  private final Map<String, Map<String, Since>> since = new HashMap<>();

  /**
   * Nobody yet.
   *
   * @param objects what there is now, by {@link History.Event#key}
   */
  Expected(Map<String, JsonNode> objects) {
    this.objects = objects;
  }

  /** Since when each node has to act on an object. */
  Map<String, Since> of(String key) {
    return since.getOrDefault(key, Map.of());
  }

  /** Brings it up to date after an event. */
  void update() {
    Map<String, Long> agents = new HashMap<>();
    Map<String, Long> pods = new HashMap<>();
    List<JsonNode> nodes = new ArrayList<>();
    objects.forEach(
        (key, object) -> {
          if (key.startsWith(History.PODS + " ")) {
            String node = object.at("/spec/nodeName").asText("");
            String namespace = object.at("/metadata/namespace").asText();
            pods.merge(node + " " + namespace, version(object), Math::min);
            if (namespace.equals(Cluster.NAMESPACE) && Worlds.isReady(object)) {
              agents.merge(node, version(object), Math::min);
            }
          } else if (key.startsWith(History.NODES + " ")) {
            nodes.add(object);
          }
        });
    since.keySet().retainAll(objects.keySet());
    objects.forEach(
        (key, object) -> {
          JsonNode map = mapOf(key, object);
          if (map != null) {
            Map<String, Since> now = new TreeMap<>();
            String namespace = object.at("/metadata/namespace").asText("");
            for (JsonNode node : nodes) {
              String name = Worlds.name(node);
              Long agent = agents.get(name);
              Long pod = namespace.isEmpty() ? Long.valueOf(0) : pods.get(name + " " + namespace);
              if (agent != null && pod != null && Worlds.isReady(node) && selects(map, node)) {
                now.put(name, new Since(version(node), agent, version(map), pod));
              }
            }
            Map<String, Since> known = since.computeIfAbsent(key, _ -> new HashMap<>());
            known.keySet().retainAll(now.keySet());
            now.forEach(known::putIfAbsent);
          }
        });
  }

  /** The map itself, or the one that a policy is for; null where there is none. */
  @Nullable JsonNode mapOf(String key, JsonNode object) {
    if (key.startsWith(History.MAPS + " ")) {
      return object;
    }
    if (key.startsWith(History.CLUSTER_POLICIES + " ") || key.startsWith(History.POLICIES + " ")) {
      return objects.get(History.MAPS + " /" + object.at("/spec/targetRefs/0/name").asText());
    }
    return null;
  }

  private static boolean selects(JsonNode map, JsonNode node) {
    Map<String, String> labels = Worlds.labels(node);
    for (Map.Entry<String, JsonNode> wanted :
        map.at("/spec/nodeSelector/matchLabels").properties()) {
      if (!wanted.getValue().asText().equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private static long version(JsonNode object) {
    return object.at("/metadata/resourceVersion").asLong();
  }
}
