package io.taskstorage.agent.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.FileObserver;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.EmulatedMembership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often objects are judged, and with them expressions parsed. */
class JudgementTest {
  private static final String MANIFESTS =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: TaskStorageMap
      metadata: {name: tenant}
      spec: {bpfName: tenant, value: {typeName: t, fields: [{name: id, type: U64}]}}
      ---
      apiVersion: taskstorage.io/v1alpha1
      kind: ClusterTaskStoragePolicy
      metadata: {name: p}
      spec:
        targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: tenant}]
        tier: Admin
        priority: 100
        subject: {hostProcesses: {cgroupPaths: [/shop]}}
        values: [{field: id, valueFrom: {cel: {expression: "%s"}}}]
      """;
  private static final NodeFacts NODE = new NodeFacts("n", Map.of());

  private final EmulatedMembership tree = new EmulatedMembership();
  private final DesiredComputation.Memory memory = new DesiredComputation.Memory();

  @TempDir Path folder;
  private FileObserver files;
  private LastAccepted accepted = LastAccepted.NONE;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("all.yaml"), MANIFESTS.formatted("uint(1)"));
    files = new FileObserver(folder, () -> Instant.MAX);
    tree.mkdir("/shop");
  }

  private Judgement judged(NodeFacts node) {
    ApiState api = files.observe();
    CgroupSnapshot cgroups = tree.cgroups();
    Observed observed = new Observed(api, cgroups, InForce.NOTHING, Optional.empty());
    Desired desired = DesiredComputation.of(observed, node, accepted, Optional.empty(), memory);
    accepted = desired.accepted();
    assertThat(desired.rows()).hasSize(1);
    return memory.judgement().orElseThrow();
  }

  @Test
  void newCgroupsAreNoReasonToJudgeObjectsAgain() {
    // Given: what was accepted before is something else in the first turn
    judged(NODE);
    Judgement before = judged(NODE);

    // When
    tree.mkdir("/other");

    // Then
    assertThat(judged(NODE)).isSameAs(before);
  }

  @Test
  void anObjectThatIsWrittenAnewIs() throws IOException {
    // Given
    judged(NODE);
    Judgement before = judged(NODE);

    // When
    Files.writeString(folder.resolve("all.yaml"), MANIFESTS.formatted("uint(2) + uint(1)"));

    // Then
    assertThat(judged(NODE)).isNotSameAs(before);
  }

  @Test
  void anotherLabelOfTheNodeIs() {
    // Given
    judged(NODE);
    Judgement before = judged(NODE);

    // When, Then
    assertThat(judged(new NodeFacts("n", Map.of("a", "b")))).isNotSameAs(before);
  }
}
