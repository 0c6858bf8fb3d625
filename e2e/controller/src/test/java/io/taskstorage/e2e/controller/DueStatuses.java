package io.taskstorage.e2e.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.controller.world.Failure;
import io.taskstorage.controller.world.Oracle;
import io.taskstorage.controller.world.World;
import io.taskstorage.policy.Acceptance;
import io.taskstorage.policy.AcceptanceInput;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.AcceptedSet;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The statuses that the objects of these tests ought to have at one moment, in the form in which
 * they are stored, without sentences and times. Which objects are accepted, in which order policies
 * go and the digest of a layout are taken from {@code policy}; all else is counted here and by
 * {@link Oracle}.
 */
final class DueStatuses {
  private static final JsonMapper JSON = new JsonMapper();

  /** What nobody but the author can mend. */
  private static final Set<String> ACT =
      Set.of("Invalid", "UnsupportedField", "BpfNameConflict", "NotAllowedByTarget");

  private final World world;
  private final DueEntries entries;
  private final List<JsonNode> clusterPolicies;
  private final List<JsonNode> policies;
  private final AcceptedSet judged;
  private final Oracle oracle;
  private final Map<String, JsonNode> all = new TreeMap<>();

  DueStatuses(
      List<JsonNode> maps,
      List<JsonNode> clusterPolicies,
      List<JsonNode> policies,
      List<JsonNode> namespaces,
      List<JsonNode> nodes,
      List<JsonNode> pods,
      List<JsonNode> states) {
    this.clusterPolicies = clusterPolicies;
    this.policies = policies;
    this.world =
        Worlds.of(
            read(maps, TaskStorageMap.class),
            read(clusterPolicies, ClusterTaskStoragePolicy.class),
            read(policies, TaskStoragePolicy.class),
            namespaces,
            nodes.stream().sorted(Comparator.comparing(Worlds::name)).toList(),
            pods,
            states);
    this.entries = new DueEntries(world.nodes(), clusterPolicies, policies, pods, states);
    this.judged = judge(world);
    this.oracle = new Oracle(world);
  }

  private static <T> List<T> read(List<JsonNode> items, Class<T> type) {
    return items.stream().map(item -> Truth.read(item, type)).toList();
  }

  private static AcceptedSet judge(World world) {
    Map<String, NamespaceFacts> namespaces = new HashMap<>();
    world
        .namespaces()
        .forEach((name, labels) -> namespaces.put(name, new NamespaceFacts(name, labels)));
    return Acceptance.of(
        new AcceptanceInput(
            world.maps(), world.clusterPolicies(), world.policies(), namespaces, Map.of()));
  }

  /** By kind and name, as {@link Truth#key} makes it. */
  Map<String, JsonNode> all() {
    world.maps().forEach(this::map);
    List<CustomResource<?, PolicyStatus>> both = new ArrayList<>(world.clusterPolicies());
    both.addAll(world.policies());
    both.forEach(this::policy);
    return all;
  }

  private void put(CustomResource<?, ?> object, ObjectNode status) {
    ObjectMeta meta = object.getMetadata();
    all.put(Truth.key(object.getKind(), meta.getNamespace(), meta.getName()), status);
  }

  private void map(TaskStorageMap map) {
    String name = map.getMetadata().getName();
    Long before = map.getStatus() == null ? null : map.getStatus().programmedGeneration();
    ObjectNode status = JSON.createObjectNode();
    ObjectNode attached = JSON.createObjectNode();
    attached.put("cluster", naming(clusterPolicies, name));
    attached.put("namespaced", naming(policies, name));
    switch (Objects.requireNonNull(judged.maps().get(name))) {
      case Verdict.Refused<AcceptedMap> refused -> refused(status, map, refused, before);
      case Verdict.Accepted<AcceptedMap>(AcceptedMap accepted, var _) -> {
        Oracle.Opinion opinion = oracle.ofMap(map, before);
        accepted(status, map, opinion, "desired", "programmed", "pending", "failed", "unavailable");
        status.set("layout", layout(accepted.layout().digest()));
        status.put("pinPath", "/sys/fs/bpf/taskstorage/" + map.getSpec().bpfName());
        status.set("entries", entries.of(map.getMetadata().getUid()));
      }
    }
    status.set("attachedPolicies", attached);
    affected(status, map, "ClusterTaskStoragePolicy", attached.path("cluster").asInt());
    affected(status, map, "TaskStoragePolicy", attached.path("namespaced").asInt());
    put(map, status);
  }

  private void policy(CustomResource<?, PolicyStatus> policy) {
    String namespace = Objects.requireNonNullElse(policy.getMetadata().getNamespace(), "");
    String name = policy.getMetadata().getName();
    PolicyKey key = new PolicyKey(namespace, name);
    Long before = policy.getStatus() == null ? null : policy.getStatus().programmedGeneration();
    long generation = policy.getMetadata().getGeneration();
    String uid = policy.getMetadata().getUid();
    ObjectNode status = JSON.createObjectNode();
    switch (Objects.requireNonNull(judged.policies().get(key))) {
      case Verdict.Refused<AcceptedPolicy> refused -> refused(status, policy, refused, before);
      case Verdict.Accepted<AcceptedPolicy>(AcceptedPolicy accepted, var _) -> {
        TaskStorageMap map =
            world.maps().stream()
                .filter(each -> each.getMetadata().getName().equals(accepted.map()))
                .findFirst()
                .orElseThrow();
        Oracle.Opinion opinion = oracle.ofPolicy(map, namespace, name, uid, generation, before);
        accepted(status, policy, opinion, "expected", "programmed", "pending", "failed");
        overridden(status, key, oracle.letters(map, namespace, name, uid, generation, before));
      }
    }
    put(policy, status);
  }

  private static void refused(
      ObjectNode status,
      CustomResource<?, ?> object,
      Verdict.Refused<?> refused,
      @Nullable Long before) {
    long generation = object.getMetadata().getGeneration();
    String reason = refused.reason().wire();
    status.put("observedGeneration", generation);
    // Of a policy that is refused every node has to act on this very generation again.
    boolean isKept = before != null && (object instanceof TaskStorageMap || before < generation);
    if (isKept) {
      status.put("programmedGeneration", before);
    }
    condition(status, generation, "Accepted", "False", reason);
    condition(status, generation, "Programmed", "Unknown", reason);
    condition(status, generation, "Ready", "False", reason);
    condition(status, generation, "Stalled", ACT.contains(reason) ? "True" : "False", reason);
  }

  private static void accepted(
      ObjectNode status, CustomResource<?, ?> object, Oracle.Opinion opinion, String... counts) {
    long generation = object.getMetadata().getGeneration();
    String reason = opinion.reason();
    status.put("observedGeneration", generation);
    if (opinion.programmedGeneration() != null) {
      status.put("programmedGeneration", opinion.programmedGeneration());
    }
    String programmed =
        switch (reason) {
          case "NoAgents" -> "Unknown";
          case "Programmed", "PartiallyProgrammed", "SomeNodesFailed" -> "True";
          default -> "False";
        };
    condition(status, generation, "Accepted", "True", "Accepted");
    condition(status, generation, "Programmed", programmed, reason);
    condition(status, generation, "Ready", opinion.ready(), reason);
    condition(status, generation, "Stalled", opinion.stalled(), reason);
    ObjectNode nodes = status.putObject("nodes");
    for (int i = 0; i < counts.length; i++) {
      nodes.put(counts[i], opinion.counts().get(i));
    }
    if (!opinion.failures().isEmpty()) {
      failures(status.putArray("failures"), opinion.failures());
    }
  }

  /** Nodes that fail as a whole first, then what concerns most of them; no more than eight. */
  private static void failures(ArrayNode rows, Map<String, Failure> failures) {
    Comparator<Map.Entry<String, Failure>> order =
        Comparator.comparing((Map.Entry<String, Failure> row) -> row.getKey().contains("/"))
            .thenComparingInt(row -> -row.getValue().nodes())
            .thenComparing(Map.Entry::getKey);
    failures.entrySet().stream()
        .sorted(order)
        .limit(8)
        .forEach(
            row -> {
              String[] kind = row.getKey().split("/", 2);
              ObjectNode into = rows.addObject().put("reason", kind[0]);
              into.put("nodes", row.getValue().nodes());
              row.getValue().exampleNodes().forEach(into.withArray("exampleNodes")::add);
              if (kind.length == 2) {
                into.put("field", kind[1]).put("pods", row.getValue().pods());
              }
              if (row.getValue().examplePod() != null) {
                into.put("examplePod", row.getValue().examplePod());
              }
            });
  }

  /** Of its fields those that go to policies before it, by what the nodes say of the policy. */
  private void overridden(ObjectNode status, PolicyKey key, List<String> letters) {
    List<String> selecting = letters.stream().filter(word -> word.contains("m")).toList();
    boolean isWholly =
        !selecting.isEmpty() && selecting.stream().allMatch(word -> word.contains("z"));
    if (letters.stream().noneMatch(word -> word.matches(".*[oz].*"))) {
      return;
    }
    List<String> before = new ArrayList<>();
    for (AcceptedPolicy policy : judged.acceptedPolicies()) {
      List<String> fields = policy.values().stream().map(value -> value.field()).toList();
      if (policy.key().equals(key)) {
        fields.stream()
            .filter(field -> isWholly || before.contains(policy.map() + "/" + field))
            .forEach(status.withArray("overriddenFields")::add);
        return;
      }
      fields.forEach(field -> before.add(policy.map() + "/" + field));
    }
  }

  /** A U64 and a U8. */
  private static ObjectNode layout(String digest) {
    ObjectNode layout = JSON.createObjectNode();
    layout.put("sizeBytes", 16).put("alignmentBytes", 8).put("digest", digest);
    ArrayNode fields = layout.putArray("fields");
    fields.addObject().put("name", "tenant_id").put("offsetBytes", 0).put("sizeBytes", 8);
    fields.addObject().put("name", "qos").put("offsetBytes", 8).put("sizeBytes", 1);
    return layout;
  }

  private static int naming(List<JsonNode> policies, String map) {
    int naming = 0;
    for (JsonNode policy : policies) {
      naming += policy.at("/spec/targetRefs/0/name").asText().equals(map) ? 1 : 0;
    }
    return naming;
  }

  private static void affected(
      ObjectNode status, CustomResource<?, ?> map, String kind, int attached) {
    condition(
        status,
        map.getMetadata().getGeneration(),
        "taskstorage.io/" + kind + "Affected",
        attached == 0 ? "False" : "True",
        attached == 0 ? "NoPolicies" : "PoliciesAttached");
  }

  private static void condition(
      ObjectNode status, long generation, String type, String value, String reason) {
    status
        .withArray("conditions")
        .addObject()
        .put("type", type)
        .put("status", value)
        .put("observedGeneration", generation)
        .put("reason", reason);
  }
}
