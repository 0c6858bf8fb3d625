package io.taskstorage.e2e.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.controller.world.PlainNode;
import io.taskstorage.controller.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A cluster at one moment, from the JSON that the API server holds. */
final class Worlds {
  private Worlds() {}

  static World of(
      List<TaskStorageMap> maps,
      List<ClusterTaskStoragePolicy> clusterPolicies,
      List<TaskStoragePolicy> policies,
      Collection<JsonNode> namespaces,
      Collection<JsonNode> nodes,
      Collection<JsonNode> pods,
      Collection<JsonNode> states) {
    Map<String, Set<String>> namespacesOf = new HashMap<>();
    Set<String> withAgent = new HashSet<>();
    for (JsonNode pod : pods) {
      String node = pod.path("spec").path("nodeName").asText("");
      String namespace = pod.path("metadata").path("namespace").asText();
      namespacesOf.computeIfAbsent(node, _ -> new HashSet<>()).add(namespace);
      JsonNode labels = pod.path("metadata").path("labels");
      if (namespace.equals(Cluster.NAMESPACE)
          && labels.path("app.kubernetes.io/component").asText().equals("agent")
          && isReady(pod)) {
        withAgent.add(node);
      }
    }
    Map<String, NodeStateStatus> stateOf = new HashMap<>();
    states.forEach(
        state -> {
          NodeStateStatus status = state(state);
          if (status != null) {
            stateOf.put(owner(state), status);
          }
        });
    List<PlainNode> plain = new ArrayList<>();
    for (JsonNode node : nodes) {
      plain.add(
          new PlainNode(
              name(node),
              labels(node),
              isReady(node),
              withAgent.contains(name(node)),
              namespacesOf.getOrDefault(name(node), Set.of()),
              stateOf.get(uid(node))));
    }
    Map<String, Map<String, String>> labelsOf = new HashMap<>();
    namespaces.forEach(namespace -> labelsOf.put(name(namespace), labels(namespace)));
    return new World(maps, clusterPolicies, policies, labelsOf, plain);
  }

  /** What a node reports, with empty lists where it leaves them out; null before the first. */
  static @Nullable NodeStateStatus state(JsonNode object) {
    if (object.path("status").isMissingNode()) {
      return null;
    }
    NodeStateStatus status = Truth.read(object.path("status"), NodeStateStatus.class);
    return new NodeStateStatus(
        status.agent(),
        Objects.requireNonNullElse(status.maps(), List.<NodeMap>of()).stream()
            .map(Worlds::filled)
            .toList(),
        status.omittedMaps(),
        Objects.requireNonNullElse(status.failures(), List.of()),
        status.omittedFailures());
  }

  private static NodeMap filled(NodeMap map) {
    return new NodeMap(
        map.name(),
        map.uid(),
        map.generation(),
        map.state(),
        map.reason(),
        map.entries(),
        Objects.requireNonNullElse(map.policies(), List.of()),
        map.omittedPolicies());
  }

  static String uid(JsonNode object) {
    return object.at("/metadata/uid").asText();
  }

  /** The uid of the Node whose state this is; of an earlier one of the name it says nothing. */
  static String owner(JsonNode state) {
    return state.at("/metadata/ownerReferences/0/uid").asText();
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }

  static Map<String, String> labels(JsonNode object) {
    Map<String, String> labels = new HashMap<>();
    object
        .path("metadata")
        .path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  static boolean isReady(JsonNode object) {
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }
}
