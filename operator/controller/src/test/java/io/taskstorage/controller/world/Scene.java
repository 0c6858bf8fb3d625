package io.taskstorage.controller.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A small cluster in which all is well, to be changed by a test before it asks for its world: four
 * nodes, one map, one policy of each kind; pods of namespace shop run on node-1 and node-2.
 */
public final class Scene {

  private static final YAMLMapper YAML = new YAMLMapper();

  public static final String MAP_UID = "0f3c3f8e-0000-4000-8000-000000000001";
  private static final String CLUSTER_PREFIX = "1f3c3f8e0000";
  private static final String POLICY_PREFIX = "2f3c3f8e0000";

  private static final String MAP =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: TaskStorageMap
      metadata:
        name: tenant-ctx
        uid: 0f3c3f8e-0000-4000-8000-000000000001
        generation: 3
        creationTimestamp: "2026-01-01T00:00:00Z"
      spec:
        bpfName: tenant_ctx
        value:
          typeName: tenant_ctx
          fields:
          - {name: tenant_id, type: U64}
          - {name: qos, type: U8}
        nodeSelector: {matchLabels: {pool: tenants}}
        allowedPolicies:
          namespaces: {from: All}
          fields: [tenant_id, qos]
      """;

  private static final String CLUSTER_POLICY =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: ClusterTaskStoragePolicy
      metadata:
        name: tenant-identity
        uid: 1f3c3f8e-0000-4000-8000-000000000002
        generation: 4
        creationTimestamp: "2026-01-01T00:00:00Z"
      spec:
        targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: tenant-ctx}]
        tier: Baseline
        priority: 100
        subject: {pods: {namespaceSelector: {matchLabels: {tenant: "yes"}}}}
        values:
        - {field: tenant_id, valueFrom: {cel: {expression: "uint(ns.labels['tenant-id'])"}}}
        - {field: qos, value: "1"}
      """;

  private static final String POLICY =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: TaskStoragePolicy
      metadata:
        name: checkout
        namespace: shop
        uid: 2f3c3f8e-0000-4000-8000-000000000003
        generation: 7
        creationTimestamp: "2026-01-01T00:00:00Z"
      spec:
        targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: tenant-ctx}]
        subject: {pods: {podSelector: {matchLabels: {app: checkout}}}}
        values:
        - {field: qos, value: "5"}
      """;

  /** One node of the scene, to be changed in place. */
  public static final class Node {
    public boolean ready = true;
    public boolean agentReady = true;
    public boolean reports = true;
    public String pool = "tenants";
    public Set<String> namespaces = Set.of();
    public String state = NodeMap.PROGRAMMED;
    public String reason = "";
    public long mapGeneration = 3;
    public String clusterToken = CLUSTER_PREFIX + ":4m";

    /** Names the policy of namespace shop, as agents do of which the node runs a pod of it. */
    public boolean tells = true;

    public String policyToken = POLICY_PREFIX + ":7m";
    public List<NodeFailure> failures = List.of();
    public EntryCounts entries = new EntryCounts(10, 2, 100L, 0L, 0L);
  }

  public TaskStorageMap map = read(MAP, TaskStorageMap.class);
  public ClusterTaskStoragePolicy cluster = read(CLUSTER_POLICY, ClusterTaskStoragePolicy.class);
  public TaskStoragePolicy policy = read(POLICY, TaskStoragePolicy.class);
  public final List<TaskStorageMap> otherMaps = new ArrayList<>();
  public final List<ClusterTaskStoragePolicy> otherPolicies = new ArrayList<>();
  public boolean hasMap = true;
  public final Map<String, Node> nodes = new TreeMap<>();

  /** The scene in which all is well. */
  public Scene() {
    for (String name : List.of("node-1", "node-2", "node-3", "node-4")) {
      nodes.put(name, new Node());
    }
    node(1).namespaces = Set.of("shop", "lab");
    node(2).namespaces = Set.of("shop");
  }

  /** A node by its number. */
  public Node node(int number) {
    return nodes.computeIfAbsent("node-" + number, _ -> new Node());
  }

  /** Replaces a text in the manifest of the map. */
  public void editMap(String from, String to) {
    map = read(edited(MAP, from, to), TaskStorageMap.class);
  }

  /** The same for the cluster policy. */
  public void editCluster(String from, String to) {
    cluster = read(edited(CLUSTER_POLICY, from, to), ClusterTaskStoragePolicy.class);
  }

  /** The same for the namespaced policy. */
  public void editPolicy(String from, String to) {
    policy = read(edited(POLICY, from, to), TaskStoragePolicy.class);
  }

  /** Another map, like the one of the scene but for what is replaced. */
  public void addMap(String name, String bpfName, String created) {
    String text = MAP.replace("name: tenant-ctx", "name: " + name);
    text = text.replace("bpfName: tenant_ctx", "bpfName: " + bpfName);
    text = text.replace("2026-01-01T00:00:00Z", created).replace("000000000001", "000000000011");
    otherMaps.add(read(text, TaskStorageMap.class));
  }

  /** Another cluster policy that sets one field and goes first. */
  public void addAdminPolicy(String field) {
    String text = CLUSTER_POLICY.replace("name: tenant-identity", "name: admin-" + field);
    text = text.replace("tier: Baseline", "tier: Admin").replace("1f3c3f8e", "3f3c3f8e");
    text = text.substring(0, text.indexOf("  values:")) + "  values: [{field: %s, value: '9'}]";
    otherPolicies.add(read(text.formatted(field), ClusterTaskStoragePolicy.class));
  }

  /** For all nodes. */
  public void tokens(String clusterToken, String policyToken) {
    nodes
        .values()
        .forEach(
            node -> {
              node.clusterToken = CLUSTER_PREFIX + clusterToken;
              node.policyToken = POLICY_PREFIX + policyToken;
            });
  }

  /** The cluster as it is now. */
  public World world() {
    List<TaskStorageMap> maps = new ArrayList<>(otherMaps);
    if (hasMap) {
      maps.add(map);
    }
    List<ClusterTaskStoragePolicy> policies = new ArrayList<>(otherPolicies);
    policies.add(cluster);
    Map<String, Map<String, String>> namespaces = new HashMap<>();
    namespaces.put("shop", Map.of("tenant", "yes", "tenant-id", "42"));
    namespaces.put("lab", Map.of());
    List<PlainNode> plain = new ArrayList<>();
    nodes.forEach((name, node) -> plain.add(plain(name, node)));
    return new World(maps, policies, List.of(policy), namespaces, plain);
  }

  private static PlainNode plain(String name, Node node) {
    NodeMap row =
        new NodeMap(
            "tenant-ctx",
            MAP_UID,
            node.mapGeneration,
            node.state,
            node.reason.isEmpty() ? null : node.reason,
            node.entries,
            node.namespaces.contains("shop") && node.tells
                ? List.of(node.policyToken, node.clusterToken)
                : List.of(node.clusterToken),
            null);
    return new PlainNode(
        name,
        Map.of("pool", node.pool),
        node.ready,
        node.agentReady,
        node.namespaces,
        node.reports ? new NodeStateStatus(null, List.of(row), null, node.failures, null) : null);
  }

  private static String edited(String text, String from, String to) {
    if (!text.contains(from)) {
      throw new AssertionError("edit scene: no " + from);
    }
    return text.replace(from, to);
  }

  private static <T> T read(String text, Class<T> type) {
    try {
      return YAML.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }
}
