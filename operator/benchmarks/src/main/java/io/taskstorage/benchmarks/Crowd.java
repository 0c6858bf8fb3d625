package io.taskstorage.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.simulator.ClusterObjects;
import io.taskstorage.simulator.SimulatedNode;
import io.taskstorage.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Simulated nodes with thirty pods each, four maps and fifty policies: forty of the cluster, ten of
 * namespaces whose pods run on every fifth node.
 */
final class Crowd implements AutoCloseable {
  static final int MAPS = 4;
  static final int CLUSTER_POLICIES = 40;
  static final int POLICIES = 10;

  private static final int PODS = 30;
  private static final int SHAPES = 5;
  private static final String GROUP = "/apis/taskstorage.io/v1alpha1/";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Simulator simulator;
  private volatile Duration ahead = Duration.ZERO;

  private Crowd(ControlPlane plane) {
    this.simulator =
        Simulator.start(
            plane.access(),
            new Simulator.Options(
                ControllerProcess.NAMESPACE,
                Duration.ofSeconds(2),
                () -> Instant.now().plus(ahead)));
  }

  /** With so many nodes, each with its agent. */
  static Crowd gather(ControlPlane plane, int nodes) {
    Crowd crowd = new Crowd(plane);
    Simulator simulator = crowd.simulator;
    for (int i = 0; i < PODS * SHAPES; i++) {
      simulator.objects().create("/api/v1/namespaces", named(namespace(i)));
    }
    List<Integer> numbers = IntStream.range(0, nodes).boxed().toList();
    simulator.forEach(numbers, i -> simulator.addNode("node-" + i, Map.of("pool", "tenants")));
    simulator.forEach(numbers, i -> pods(simulator.node("node-" + i), i % SHAPES));
    return crowd;
  }

  private static void pods(SimulatedNode node, int shape) {
    for (int i = 0; i < PODS; i++) {
      node.addPod(namespace(i * SHAPES + shape), node.name() + "-" + i, Map.of("app", "a" + i));
    }
  }

  private static String namespace(int number) {
    return "tenant-" + number;
  }

  /** Makes the maps and policies. */
  void apply() {
    for (int i = 0; i < MAPS; i++) {
      objects().create(GROUP + "taskstoragemaps", map(i));
    }
    for (int i = 0; i < CLUSTER_POLICIES; i++) {
      objects().create(GROUP + "clustertaskstoragepolicies", clusterPolicy(i, 1));
    }
    for (int i = 0; i < POLICIES; i++) {
      objects().create(GROUP + "namespaces/" + namespace(i) + "/taskstoragepolicies", policy(i));
    }
  }

  /** Changes the value of a cluster policy; returns the generation that it has then. */
  long change(int policy, int value) {
    return objects()
        .merge(clusterPath(policy), clusterPolicy(policy, value))
        .path("metadata")
        .path("generation")
        .asLong();
  }

  static String clusterPath(int policy) {
    return GROUP + "clustertaskstoragepolicies/policy-" + policy;
  }

  /** True if Ready is True for the generation that the object at this path has. */
  boolean isReady(String path) {
    return objects().get(path).filter(Crowd::isReady).isPresent();
  }

  /** True if Ready is True for each map and policy. */
  boolean isAllReady() {
    List<JsonNode> all = mapsAndPolicies();
    return all.size() == MAPS + CLUSTER_POLICIES + POLICIES
        && all.stream().allMatch(Crowd::isReady);
  }

  /**
   * Looks whether each status says that all nodes that its object is about have done what its
   * generation asks.
   *
   * @throws IllegalStateException if one does not
   */
  void requireRight() {
    List<JsonNode> all = mapsAndPolicies();
    List<String> wrong =
        all.stream()
            .filter(object -> !isReady(object) || !isDoneEverywhere(object))
            .map(object -> object.at("/metadata/name").asText() + " " + object.path("status"))
            .toList();
    if (!wrong.isEmpty() || all.size() != MAPS + CLUSTER_POLICIES + POLICIES) {
      throw new IllegalStateException(
          "look at statuses: of %d not right: %s".formatted(all.size(), wrong));
    }
  }

  private List<JsonNode> mapsAndPolicies() {
    List<JsonNode> all = new ArrayList<>();
    for (String plural :
        List.of("taskstoragemaps", "clustertaskstoragepolicies", "taskstoragepolicies")) {
      objects().get(GROUP + plural).orElseThrow().path("items").forEach(all::add);
    }
    return all;
  }

  private boolean isDoneEverywhere(JsonNode object) {
    JsonNode nodes = object.at("/status/nodes");
    int due = nodesOf(object.at("/metadata/namespace").asText());
    return nodes.path(nodes.has("desired") ? "desired" : "expected").asInt() == due
        && nodes.path("programmed").asInt() == due
        && object.at("/status/programmedGeneration").equals(object.at("/metadata/generation"));
  }

  /** How many nodes have pods of this namespace; all, for an object of the cluster. */
  private int nodesOf(String namespace) {
    int all = simulator.nodes().size();
    if (namespace.isEmpty()) {
      return all;
    }
    int shape = Integer.parseInt(namespace.substring(namespace.indexOf('-') + 1)) % SHAPES;
    return (int) IntStream.range(0, all).filter(node -> node % SHAPES == shape).count();
  }

  private static boolean isReady(JsonNode object) {
    long generation = object.path("metadata").path("generation").asLong();
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True")
            && condition.path("observedGeneration").asLong() == generation;
      }
    }
    return false;
  }

  /** Forgets what the statuses say, by making the policies anew, and waits for the nodes. */
  void renew() {
    for (int i = 0; i < CLUSTER_POLICIES; i++) {
      objects().delete(clusterPath(i));
    }
    for (int i = 0; i < POLICIES; i++) {
      objects().delete(GROUP + "namespaces/" + namespace(i) + "/taskstoragepolicies/policy-" + i);
    }
    for (int i = 0; i < MAPS; i++) {
      objects().delete(GROUP + "taskstoragemaps/map-" + i);
    }
    apply();
    String uid =
        objects().get(GROUP + "taskstoragemaps/map-0").orElseThrow().at("/metadata/uid").asText();
    while (!allTellOf(uid)) {
      pause(Duration.ofSeconds(5));
    }
    long before;
    do {
      before = simulator.reports();
      pause(Duration.ofSeconds(15));
    } while (simulator.reports() != before);
  }

  private boolean allTellOf(String map) {
    JsonNode states = objects().get(GROUP + "taskstoragenodestates").orElseThrow().path("items");
    for (JsonNode state : states) {
      boolean tells = false;
      for (JsonNode row : state.at("/status/maps")) {
        tells |= row.path("uid").asText().equals(map);
      }
      if (!tells) {
        return false;
      }
    }
    return states.size() == simulator.nodes().size();
  }

  /** So much later it is for the agents from now on. */
  void moveClock(Duration more) {
    ahead = more;
  }

  /** How many reports the nodes have written. */
  long reports() {
    return simulator.reports();
  }

  /** How many reports were refused or not answered in time, and written again. */
  long failedReports() {
    return simulator.failures();
  }

  /** When the last report was written, as {@link System#nanoTime} tells the time. */
  long lastReportNanos() {
    return simulator.lastReportNanos();
  }

  /** The bytes of one node's state, as JSON. */
  int stateBytes() {
    return objects()
        .get(GROUP + "taskstoragenodestates/node-0")
        .orElseThrow()
        .path("status")
        .toString()
        .length();
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ClusterObjects objects() {
    return simulator.objects();
  }

  private static ObjectNode named(String name) {
    ObjectNode object = JSON.objectNode();
    object.putObject("metadata").put("name", name);
    return object;
  }

  private static ObjectNode ours(String kind, String name) {
    return named(name).put("apiVersion", "taskstorage.io/v1alpha1").put("kind", kind);
  }

  private static ObjectNode map(int number) {
    ObjectNode map = ours("TaskStorageMap", "map-" + number);
    ObjectNode spec = map.putObject("spec").put("bpfName", "map_" + number);
    ArrayNode fields = spec.putObject("value").put("typeName", "v").putArray("fields");
    fields.addObject().put("name", "tenant_id").put("type", "U64");
    fields.addObject().put("name", "qos").put("type", "U8");
    spec.putObject("nodeSelector").putObject("matchLabels").put("pool", "tenants");
    ObjectNode allowed = spec.putObject("allowedPolicies");
    allowed.putObject("namespaces").put("from", "All");
    allowed.putArray("fields").add("qos");
    return map;
  }

  private static ObjectNode clusterPolicy(int number, int value) {
    ObjectNode policy = ours("ClusterTaskStoragePolicy", "policy-" + number);
    ObjectNode spec = spec(policy, number, "tenant_id", value);
    spec.put("tier", "Baseline").put("priority", number);
    spec.putObject("subject").putObject("pods").putObject("namespaceSelector");
    return policy;
  }

  private static ObjectNode policy(int number) {
    ObjectNode policy = ours("TaskStoragePolicy", "policy-" + number);
    ObjectNode spec = spec(policy, number, "qos", 1);
    spec.putObject("subject").putObject("pods").putObject("podSelector");
    return policy;
  }

  private static ObjectNode spec(ObjectNode policy, int number, String field, int value) {
    ObjectNode spec = policy.putObject("spec");
    spec.putArray("targetRefs")
        .addObject()
        .put("group", "taskstorage.io")
        .put("kind", "TaskStorageMap")
        .put("name", "map-" + number % MAPS);
    spec.putArray("values").addObject().put("field", field).put("value", Integer.toString(value));
    return spec;
  }

  /** Leaves everything to the end of the control plane: to remove it one by one takes minutes. */
  @Override
  public void close() {
    simulator.abandon();
  }
}
