package io.taskstorage.e2e.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.controller.world.PlainNode;
import java.util.ArrayList;
import java.util.List;

/**
 * How many carry a value of a map, counted over pods. Where an agent runs that has the map in
 * force, the pods on its node count: all of them, if it has acted on a policy of the cluster, else
 * those of the namespaces whose policy it has acted on; policies of these tests select no less.
 * Nobody knows better than what a node wrote last where no agent runs, and while a policy is
 * refused: what was accepted of it before stays in force, maybe of another map, and is not stored.
 */
final class DueEntries {
  private static final JsonMapper JSON = new JsonMapper();

  /** The largest value that fits {@code qos}. */
  private static final int MOST = 255;

  private final List<PlainNode> nodes;
  private final List<JsonNode> clusterPolicies;
  private final List<JsonNode> policies;
  private final List<JsonNode> pods;
  private final List<JsonNode> states;

  DueEntries(
      List<PlainNode> nodes,
      List<JsonNode> clusterPolicies,
      List<JsonNode> policies,
      List<JsonNode> pods,
      List<JsonNode> states) {
    this.nodes = nodes;
    this.clusterPolicies = clusterPolicies;
    this.policies = policies;
    this.pods = pods;
    this.states = states;
  }

  /** Of the map with this uid. */
  ObjectNode of(String uid) {
    long carriers = 0;
    long tasks = 0;
    for (PlainNode node : nodes) {
      JsonNode row = node.state() == null ? MissingNode.getInstance() : row(node.name(), uid);
      if (node.agentReady()
          && row.path("state").asText().equals("Programmed")
          && policies.stream().noneMatch(DueEntries::isRefused)) {
        long here = pods.stream().filter(pod -> isOn(pod, node.name()) && has(row, pod)).count();
        carriers += here;
        tasks += here;
      } else {
        carriers += row.at("/entries/pods").asLong();
        tasks += row.at("/entries/tasks").asLong();
      }
    }
    // The simulated kernel has one task in each pod, and never an entry that is late or wrong.
    return JSON.createObjectNode()
        .put("pods", carriers)
        .put("containers", 0)
        .put("tasks", tasks)
        .put("late", 0)
        .put("failed", 0);
  }

  private JsonNode row(String node, String uid) {
    for (JsonNode state : states) {
      if (Worlds.name(state).equals(node)) {
        for (JsonNode row : state.at("/status/maps")) {
          if (row.path("uid").asText().equals(uid)) {
            return row;
          }
        }
      }
    }
    return MissingNode.getInstance();
  }

  private static boolean isOn(JsonNode pod, String node) {
    return pod.at("/spec/nodeName").asText().equals(node)
        && !pod.at("/metadata/namespace").asText().equals(Cluster.NAMESPACE);
  }

  private boolean has(JsonNode row, JsonNode pod) {
    String namespace = pod.at("/metadata/namespace").asText();
    List<JsonNode> selecting = new ArrayList<>(clusterPolicies);
    policies.stream()
        .filter(policy -> policy.at("/metadata/namespace").asText().equals(namespace))
        .forEach(selecting::add);
    return selecting.stream().anyMatch(policy -> isTold(row, policy));
  }

  private static boolean isRefused(JsonNode policy) {
    return policy.at("/spec/values/0/value").asInt() > MOST;
  }

  private static boolean isTold(JsonNode row, JsonNode policy) {
    String prefix = policy.at("/metadata/uid").asText().replace("-", "").substring(0, 12) + ":";
    for (JsonNode token : row.path("policies")) {
      if (token.asText().startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
