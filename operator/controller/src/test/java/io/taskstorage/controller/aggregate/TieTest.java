package io.taskstorage.controller.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicySpec;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.controller.world.Scene;
import io.taskstorage.controller.world.World;
import io.taskstorage.policy.PolicyKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a policy goes before another one by its name alone. */
class TieTest {
  private final Scene scene = new Scene();

  @Test
  void theNameDecidesAmongTheSameTierAndPriority() {
    // When, Then
    assertThat(tie("a-first", "Baseline", 100, List.of("qos")))
        .contains(new Tie(new PolicyKey("", "a-first"), List.of("qos")));
  }

  @Test
  void whoeverLosesNothingIsNotTied() {
    assertThat(tie("a-first", "Baseline", 100, List.of())).isEmpty();
  }

  @Test
  void anotherPriorityOrTierIsNoTie() {
    assertThat(tie("a-first", "Baseline", 99, List.of("qos"))).isEmpty();
    assertThat(tie("a-first", "Admin", 100, List.of("qos"))).isEmpty();
  }

  @Test
  void whoGoesLastIsToldAndNotWhoGoesFirst() {
    assertThat(tie("z-last", "Baseline", 100, List.of("qos"))).isEmpty();
  }

  private ClusterTaskStoragePolicySpec spec() {
    return Objects.requireNonNull(scene.cluster.getSpec());
  }

  /** Of the scene's cluster policy, beside another one with the same values. */
  private Optional<Tie> tie(String other, String tier, int priority, List<String> overridden) {
    ClusterTaskStoragePolicy policy = new ClusterTaskStoragePolicy();
    policy.setMetadata(
        new ObjectMetaBuilder()
            .withName(other)
            .withUid("5f3c3f8e-0000-4000-8000-000000000005")
            .withGeneration(1L)
            .build());
    ClusterTaskStoragePolicySpec own = spec();
    policy.setSpec(
        new ClusterTaskStoragePolicySpec(
            own.targetRefs(), tier, priority, own.subject(), own.values(), own.unknownFields()));
    World world = scene.world();
    List<ClusterTaskStoragePolicy> policies = new ArrayList<>(world.clusterPolicies());
    policies.add(policy);
    Judgement judgement =
        Worlds.judge(
            new World(world.maps(), policies, world.policies(), world.namespaces(), world.nodes()));
    return judgement.tie(
        scene.cluster, new PolicyStatus(4L, 4L, List.of(), null, overridden, null));
  }
}
