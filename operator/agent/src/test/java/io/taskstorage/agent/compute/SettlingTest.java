package io.taskstorage.agent.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.FileObserver;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.EmulatedMembership;
import io.taskstorage.taskstore.MapName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as in force while there is more to come. */
class SettlingTest {
  private static final MapName MAP = new MapName("tenant");
  private static final String MANIFESTS =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: TaskStorageMap
      metadata: {name: tenant}
      spec: {bpfName: tenant, value: {typeName: t, fields: [{name: id, type: U64}]}}
      ---
      apiVersion: taskstorage.io/v1alpha1
      kind: ClusterTaskStoragePolicy
      metadata: {name: new}
      spec:
        targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: tenant}]
        tier: Admin
        priority: 100
        subject: {hostProcesses: {cgroupPaths: [/shop]}}
        values: [{field: id, value: "1"}]
      """;

  @Test
  void untilItHasComeTheWordsOfBeforeStayAndNoneIsAdded(@TempDir Path folder) throws IOException {
    // Given
    Files.writeString(folder.resolve("all.yaml"), MANIFESTS);
    ApiState settled = new FileObserver(folder, () -> Instant.MAX).observe();
    EmulatedMembership tree = new EmulatedMembership();
    tree.mkdir("/shop");

    // When
    Desired during = desired(settling(settled), tree.cgroups());
    Desired after = desired(settled, tree.cgroups());

    // Then
    assertThat(during.policies()).isEqualTo(Map.of(MAP, Set.of("before")));
    assertThat(after.policies().get(MAP)).hasSize(1).doesNotContain("before");
    assertThat(during.rows()).as("what is told counts").isEqualTo(after.rows()).hasSize(1);
  }

  private static Desired desired(ApiState api, CgroupSnapshot cgroups) {
    InForce inForce =
        new InForce(
            new TreeMap<>(),
            Map.of(),
            Map.of(MAP, Set.of("before"), new MapName("other"), Set.of("x")));
    return DesiredComputation.of(
        new Observed(api, cgroups, inForce, Optional.empty()),
        new NodeFacts("n", Map.of()),
        LastAccepted.NONE);
  }

  private static ApiState settling(ApiState api) {
    return new ApiState(
        api.objects(),
        api.complete(),
        true,
        api.problems(),
        api.notices(),
        api.unsupported(),
        api.cluster());
  }
}
