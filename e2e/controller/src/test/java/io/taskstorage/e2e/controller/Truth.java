package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.CustomResource;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.PolicyNodeCounts;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStorageMapStatus;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.controller.world.Oracle;
import io.taskstorage.controller.world.World;
import io.taskstorage.policy.Acceptance;
import io.taskstorage.policy.AcceptanceInput;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.AcceptedSet;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.Verdict;
import io.taskstorage.simulator.ClusterObjects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What statuses ought to say, counted a second time and plainly over the objects that the API
 * server holds.
 */
final class Truth {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String GROUP = "/apis/taskstorage.io/v1alpha1/";

  private final ClusterObjects objects;

  Truth(ClusterObjects objects) {
    this.objects = objects;
  }

  /** Waits until every status says what it ought to. */
  void awaitEverywhere() {
    await()
        .atMost(Cluster.PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .untilAsserted(() -> assertThat(said()).isEqualTo(due()));
  }

  /** What each status says, shortly, by kind and name. */
  Map<String, String> said() {
    Map<String, String> said = new TreeMap<>();
    for (TaskStorageMap map : list("taskstoragemaps", TaskStorageMap.class)) {
      TaskStorageMapStatus status = map.getStatus();
      var nodes = status == null ? null : status.nodes();
      said.put(
          key(map),
          text(
              generation(status == null ? null : status.observedGeneration()),
              conditions(status == null ? null : status.conditions()),
              generation(status == null ? null : status.programmedGeneration()),
              nodes == null
                  ? List.of()
                  : Arrays.asList(
                      nodes.desired(),
                      nodes.programmed(),
                      nodes.pending(),
                      nodes.failed(),
                      nodes.unavailable())));
    }
    list("clustertaskstoragepolicies", ClusterTaskStoragePolicy.class)
        .forEach(policy -> said.put(key(policy), said(policy.getStatus())));
    list("taskstoragepolicies", TaskStoragePolicy.class)
        .forEach(policy -> said.put(key(policy), said(policy.getStatus())));
    return said;
  }

  private static String said(@Nullable PolicyStatus status) {
    PolicyNodeCounts nodes = status == null ? null : status.nodes();
    return text(
        generation(status == null ? null : status.observedGeneration()),
        conditions(status == null ? null : status.conditions()),
        generation(status == null ? null : status.programmedGeneration()),
        nodes == null
            ? List.of()
            : Arrays.asList(nodes.expected(), nodes.programmed(), nodes.pending(), nodes.failed()));
  }

  /** What each ought to say. */
  Map<String, String> due() {
    Map<String, String> due = new TreeMap<>();
    World world =
        Worlds.of(
            list("taskstoragemaps", TaskStorageMap.class),
            list("clustertaskstoragepolicies", ClusterTaskStoragePolicy.class),
            list("taskstoragepolicies", TaskStoragePolicy.class),
            items("/api/v1/namespaces"),
            items("/api/v1/nodes"),
            items("/api/v1/pods"),
            items(GROUP + "taskstoragenodestates"));
    AcceptedSet judged = judge(world);
    Oracle oracle = new Oracle(world);
    Map<String, TaskStorageMap> maps = new HashMap<>();
    for (TaskStorageMap map : world.maps()) {
      maps.put(map.getMetadata().getName(), map);
      Long before = map.getStatus() == null ? null : map.getStatus().programmedGeneration();
      due.put(
          key(map),
          judged.maps().get(map.getMetadata().getName()) instanceof Verdict.Refused<?> refused
              ? refused(map, refused, before)
              : text(map, oracle.ofMap(map, before)));
    }
    for (CustomResource<?, PolicyStatus> policy : policies(world)) {
      String namespace = Objects.requireNonNullElse(policy.getMetadata().getNamespace(), "");
      PolicyKey key = new PolicyKey(namespace, policy.getMetadata().getName());
      Long before = policy.getStatus() == null ? null : policy.getStatus().programmedGeneration();
      due.put(
          key(policy),
          switch (Objects.requireNonNull(judged.policies().get(key))) {
            case Verdict.Refused<AcceptedPolicy> refused -> refused(policy, refused, before);
            case Verdict.Accepted<AcceptedPolicy>(AcceptedPolicy accepted, var _) ->
                text(
                    policy,
                    oracle.ofPolicy(
                        Objects.requireNonNull(maps.get(accepted.map())),
                        namespace,
                        policy.getMetadata().getName(),
                        policy.getMetadata().getUid(),
                        policy.getMetadata().getGeneration(),
                        before));
          });
    }
    return due;
  }

  private static List<CustomResource<?, PolicyStatus>> policies(World world) {
    List<CustomResource<?, PolicyStatus>> policies = new ArrayList<>(world.clusterPolicies());
    policies.addAll(world.policies());
    return policies;
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

  private static String refused(
      CustomResource<?, ?> object, Verdict.Refused<?> refused, @Nullable Long before) {
    return text(
        generation(object.getMetadata().getGeneration()),
        "False False %s".formatted(refused.reason().wire()),
        generation(before),
        List.of());
  }

  private static String text(CustomResource<?, ?> object, Oracle.Opinion opinion) {
    return text(
        generation(object.getMetadata().getGeneration()),
        "True %s %s".formatted(opinion.ready(), opinion.reason()),
        generation(opinion.programmedGeneration()),
        opinion.counts());
  }

  private static String text(
      String generation, String conditions, String programmed, List<Integer> counts) {
    return "generation %s: %s, programmed %s, nodes %s"
        .formatted(generation, conditions, programmed, counts);
  }

  private static String conditions(@Nullable List<Condition> conditions) {
    String accepted = "none";
    String ready = "none";
    for (Condition condition : Objects.requireNonNullElse(conditions, List.<Condition>of())) {
      if (Condition.ACCEPTED.equals(condition.type())) {
        accepted = String.valueOf(condition.status());
      }
      if (Condition.READY.equals(condition.type())) {
        ready = condition.status() + " " + condition.reason();
      }
    }
    return accepted + " " + ready;
  }

  private static String generation(@Nullable Long generation) {
    return generation == null ? "none" : generation.toString();
  }

  private static String key(CustomResource<?, ?> object) {
    String namespace = object.getMetadata().getNamespace();
    return object.getKind()
        + " "
        + (namespace == null ? "" : namespace + "/")
        + object.getMetadata().getName();
  }

  private List<JsonNode> items(String path) {
    List<JsonNode> items = new ArrayList<>();
    objects.get(path).ifPresent(list -> list.path("items").forEach(items::add));
    return items;
  }

  private <T> List<T> list(String plural, Class<T> type) {
    return items(GROUP + plural).stream().map(item -> read(item, type)).toList();
  }

  static <T> T read(JsonNode json, Class<T> type) {
    try {
      return JSON.treeToValue(json, type);
    } catch (JsonProcessingException e) {
      throw new AssertionError("read " + json, e);
    }
  }
}
