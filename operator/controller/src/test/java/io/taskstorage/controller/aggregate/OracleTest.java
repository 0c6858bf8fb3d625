package io.taskstorage.controller.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.MapFailure;
import io.taskstorage.api.v1alpha1.MapNodeCounts;
import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.PolicyFailure;
import io.taskstorage.api.v1alpha1.PolicyNodeCounts;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.TaskStorageMapSpec;
import io.taskstorage.api.v1alpha1.TaskStorageMapStatus;
import io.taskstorage.controller.world.Failure;
import io.taskstorage.controller.world.Oracle;
import io.taskstorage.controller.world.Oracle.Opinion;
import io.taskstorage.controller.world.Scene;
import io.taskstorage.controller.world.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The statuses and a second, plain way to count agree in many random clusters over their life. */
class OracleTest {

  private static final int WORLDS = Integer.getInteger("random.sequences", 500) * 4;
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final Set<String> seen = new TreeSet<>();

  @Test
  void statusesAndOracleAgree() {
    for (int seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      Scene scene = new Scene();
      scene.map.setSpec(tolerating(scene.map.getSpec(), bound(random)));
      // A few moments of one cluster, so that there is a status before.
      for (int moment = 0; moment < 4; moment++) {
        // Given
        stir(scene, random);
        World world = scene.world();
        Judgement judgement = Worlds.judge(world);
        Fleet fleet = Worlds.fleet(world);
        Oracle oracle = new Oracle(world);
        String as = "seed %d, moment %d".formatted(seed, moment);
        // When
        TaskStorageMapStatus map = judgement.status(scene.map, fleet, NOW);
        PolicyStatus cluster = judgement.status(scene.cluster, fleet, NOW);
        PolicyStatus policy = judgement.status(scene.policy, fleet, NOW);
        // Then
        assertThat(opinion(map))
            .as(as)
            .isEqualTo(oracle.ofMap(scene.map, programmed(scene.map.getStatus())));
        assertThat(opinion(cluster))
            .as(as)
            .isEqualTo(
                oracle.ofPolicy(
                    scene.map,
                    "",
                    "tenant-identity",
                    scene.cluster.getMetadata().getUid(),
                    4,
                    programmed(scene.cluster.getStatus())));
        assertThat(opinion(policy))
            .as(as)
            .isEqualTo(
                oracle.ofPolicy(
                    scene.map,
                    "shop",
                    "checkout",
                    scene.policy.getMetadata().getUid(),
                    7,
                    programmed(scene.policy.getStatus())));
        timesMoveWithStatusOnly(scene.policy.getStatus(), policy, as);
        scene.map.setStatus(map);
        scene.cluster.setStatus(cluster);
        scene.policy.setStatus(policy);
      }
    }
    // Then
    assertThat(seen)
        .as("situations that came up")
        .contains(
            "Programmed",
            "PartiallyProgrammed",
            "Overridden",
            "NoMatch",
            "Reconciling",
            "NoAgents",
            "SomeNodesFailed",
            "NodesFailed");
  }

  private static void timesMoveWithStatusOnly(
      @Nullable PolicyStatus before, PolicyStatus after, String as) {
    for (Condition condition : Objects.requireNonNull(after.conditions())) {
      if (before == null) {
        assertThat(condition.lastTransitionTime()).as(as).isEqualTo(NOW.toString());
      } else {
        Condition old = condition(Objects.requireNonNull(before.conditions()), condition.type());
        if (Objects.equals(old.status(), condition.status())) {
          assertThat(condition.lastTransitionTime()).as(as).isEqualTo(old.lastTransitionTime());
        }
      }
    }
  }

  private static void stir(Scene scene, Random random) {
    boolean allAgentsGone = random.nextInt(25) == 0;
    for (int i = 1; i <= 5; i++) {
      Scene.Node node = scene.node(i);
      node.ready = random.nextInt(12) > 0;
      node.agentReady = !allAgentsGone && random.nextInt(12) > 0;
      node.reports = random.nextInt(16) > 0;
      node.pool = random.nextInt(8) > 0 ? "tenants" : "system";
      node.namespaces = random.nextBoolean() ? Set.of("shop") : Set.of("lab");
      node.tells = random.nextInt(10) > 0;
      node.state = one(random, "Programmed", "Failed", "Removing", "Newer");
      node.reason = one(random, "", "ForeignPin", "KernelUnsupported", "");
      node.mapGeneration = random.nextInt(8) > 0 ? 3 : 2;
      node.clusterToken = "1f3c3f8e0000:" + token(random, 4);
      node.policyToken = "2f3c3f8e0000:" + token(random, 7);
      node.failures = failures(random);
    }
  }

  /** Mostly the first, as most nodes are well most of the time. */
  private static String one(Random random, String... words) {
    return words[random.nextInt(3) > 0 ? 0 : random.nextInt(words.length)];
  }

  private static String token(Random random, int generation) {
    long told = random.nextInt(10) > 0 ? generation : generation + random.nextInt(3) - 1;
    return told + one(random, "m", "", "mo", "moz", "mqe", "moz", "e");
  }

  private static List<NodeFailure> failures(Random random) {
    List<NodeFailure> failures = new ArrayList<>();
    if (random.nextInt(4) == 0) {
      failures.add(new NodeFailure("tenant-identity", "qos", "MissingKey", 2, "lab/a"));
    }
    if (random.nextInt(4) == 0) {
      failures.add(new NodeFailure("shop/checkout", "qos", "DoesNotFit", 1, "shop/b"));
    }
    if (random.nextInt(16) == 0) {
      failures.add(new NodeFailure("shop/checkout", null, "UnsupportedField", null, null));
    }
    return failures;
  }

  private static @Nullable IntOrString bound(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> new IntOrString(random.nextInt(3));
      default -> new IntOrString(random.nextInt(101) + "%");
    };
  }

  private static TaskStorageMapSpec tolerating(
      TaskStorageMapSpec spec, @Nullable IntOrString bound) {
    return new TaskStorageMapSpec(
        spec.bpfName(),
        spec.value(),
        spec.nodeSelector(),
        spec.reclaimPolicy(),
        bound,
        spec.allowedPolicies(),
        Map.of());
  }

  private Opinion opinion(TaskStorageMapStatus status) {
    MapNodeCounts nodes = Objects.requireNonNull(status.nodes());
    Map<String, Failure> failures = new TreeMap<>();
    for (MapFailure row : Objects.requireNonNullElse(status.failures(), List.<MapFailure>of())) {
      failures.put(row.reason(), failure(row.nodes(), row.exampleNodes(), null, null));
    }
    return opinion(
        Objects.requireNonNull(status.conditions()),
        status.programmedGeneration(),
        List.of(
            nodes.desired(),
            nodes.programmed(),
            nodes.pending(),
            nodes.failed(),
            nodes.unavailable()),
        failures);
  }

  private Opinion opinion(PolicyStatus status) {
    PolicyNodeCounts nodes = Objects.requireNonNull(status.nodes());
    Map<String, Failure> failures = new TreeMap<>();
    for (PolicyFailure row :
        Objects.requireNonNullElse(status.failures(), List.<PolicyFailure>of())) {
      failures.put(
          row.field() == null ? row.reason() : row.reason() + "/" + row.field(),
          failure(row.nodes(), row.exampleNodes(), row.pods(), row.examplePod()));
    }
    return opinion(
        Objects.requireNonNull(status.conditions()),
        status.programmedGeneration(),
        List.of(nodes.expected(), nodes.programmed(), nodes.pending(), nodes.failed()),
        failures);
  }

  private static Failure failure(
      @Nullable Integer nodes,
      @Nullable List<String> examples,
      @Nullable Integer pods,
      @Nullable String examplePod) {
    return new Failure(
        Objects.requireNonNull(nodes),
        Objects.requireNonNull(examples),
        Objects.requireNonNullElse(pods, 0),
        examplePod);
  }

  private Opinion opinion(
      List<Condition> conditions,
      @Nullable Long programmedGeneration,
      List<Integer> counts,
      Map<String, Failure> failures) {
    Condition ready = condition(conditions, Condition.READY);
    seen.add(String.valueOf(ready.reason()));
    return new Opinion(
        String.valueOf(ready.status()),
        String.valueOf(ready.reason()),
        String.valueOf(condition(conditions, Condition.STALLED).status()),
        programmedGeneration,
        counts,
        failures);
  }

  private static Condition condition(List<Condition> conditions, @Nullable String type) {
    return conditions.stream()
        .filter(condition -> Objects.equals(condition.type(), type))
        .findFirst()
        .orElseThrow();
  }

  private static @Nullable Long programmed(@Nullable TaskStorageMapStatus status) {
    return status == null ? null : status.programmedGeneration();
  }

  private static @Nullable Long programmed(@Nullable PolicyStatus status) {
    return status == null ? null : status.programmedGeneration();
  }
}
