package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.Turn;
import io.taskstorage.agent.execute.Execution;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.agent.report.NodeStateComputation;
import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.api.v1alpha1.NodeAgent;
import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.taskstore.StoreProblem;
import io.taskstorage.taskstore.SweepResult;
import io.taskstorage.taskstore.TaskFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a node says of itself, from what a server told and a turn did. */
class NodeStateTest {
  private static final NodeAgent AGENT =
      new NodeAgent("1", "6.18", "boot-1", "Emulated", List.of());
  private static final String TOKEN = "000000010000:7";

  private final ToldNode told = new ToldNode();

  private NodeStateStatus state() {
    Turn.Taken done = told.taken();
    return state(done, done.execution());
  }

  private static NodeStateStatus state(Turn.Taken done, Execution execution) {
    return NodeStateComputation.of(
        AGENT, done.observed().orElseThrow(), done.desired().orElseThrow(), execution, Map.of());
  }

  private static NodeMap only(NodeStateStatus state) {
    assertThat(state.maps()).hasSize(1);
    return Optional.ofNullable(state.maps()).orElseThrow().getFirst();
  }

  @Test
  void aMapThatIsInForceIsProgrammedAtItsGeneration() {
    // Given
    told.clusterPolicy(1, "Admin", ToldNode.ALL_PODS, ToldNode.literal("tenant", 4));

    // When
    NodeStateStatus state = state();

    // Then
    assertThat(only(state))
        .isEqualTo(
            new NodeMap(
                "ctx",
                "aaaaaaaa-0000-0000-0000-000000000000",
                2L,
                NodeMap.PROGRAMMED,
                null,
                new EntryCounts(1, 0, 0L, 0L, 0L),
                List.of("000000010000:7m"),
                null));
    assertThat(state.failures()).isNull();
    assertThat(state.agent()).isEqualTo(AGENT);
  }

  @Test
  void tokensSayWhatIsSelectedAndWhatOthersDecide() {
    // Given
    told.clusterPolicy(1, "Admin", ToldNode.ALL_PODS, ToldNode.literal("tenant", 4));
    told.clusterPolicy(2, "Baseline", ToldNode.ALL_PODS, ToldNode.literal("tenant", 5));
    told.clusterPolicy(
        3,
        "Baseline",
        ToldNode.ALL_PODS,
        ToldNode.literal("tenant", 6) + "," + ToldNode.literal("qos", 1));
    told.clusterPolicy(4, "Admin", ToldNode.NO_PODS, ToldNode.literal("tenant", 7));

    // When, Then
    assertThat(only(state()).policies())
        .containsExactly(
            "000000010000:7m", "000000020000:7moz", "000000030000:7mo", "000000040000:7");
  }

  @Test
  void aPolicyOfANamespaceIsAcknowledgedWhereAPodOfItRuns() {
    // Given
    told.policies.add(
        """
        {"apiVersion":"taskstorage.io/v1alpha1","kind":"TaskStoragePolicy",
         "metadata":{"name":"q","namespace":"shop","generation":1,
          "uid":"bbbbbbbb-0000-0000-0000-000000000000"},
         "spec":{"targetRefs":[{"group":"taskstorage.io","kind":"TaskStorageMap","name":"ctx"}],
          "subject":{"pods":{"podSelector":{},"containerNames":["server"]}},
          "values":[{"field":"qos","value":"3"}]}}
        """);

    // When, Then
    assertThat(only(state()).policies()).containsExactly("bbbbbbbb0000:1m");
    assertThat(only(state()).entries()).isEqualTo(new EntryCounts(1, 1, 0L, 0L, 0L));
    told.hasPod = false;
    assertThat(only(state()).policies()).isNull();
  }

  @Test
  void whatCannotBeComputedIsCountedWithOneExample() {
    // Given
    told.clusterPolicy(
        1, "Admin", ToldNode.ALL_PODS, ToldNode.computed("tenant", "uint(pod.labels['no-such'])"));

    // When
    NodeStateStatus state = state();

    // Then
    assertThat(only(state).policies()).containsExactly("000000010000:7me");
    assertThat(state.failures())
        .containsExactly(new NodeFailure("p1", "tenant", "EvaluationError", 1, "shop/web-1"));
  }

  @Test
  void whatIsNotKnownIsRefusedWholly() {
    // Given
    told.clusterPolicy(
        1,
        "Admin",
        ToldNode.ALL_PODS,
        ToldNode.literal("tenant", 4) + ",{\"field\":\"qos\",\"hue\":1}");

    // When, Then
    assertThat(state().failures())
        .containsExactly(new NodeFailure("p1", null, "UnsupportedField", null, null));
    assertThat(only(state()).policies()).as("its generation is acted on").containsExactly(TOKEN);

    // When, Then
    told.map = ToldNode.MAP.formatted(",\"colour\":\"red\"");
    NodeMap refused = only(state());
    assertThat(refused.state()).isEqualTo(NodeMap.FAILED);
    assertThat(refused.reason()).isEqualTo("UnsupportedField");
    assertThat(refused.generation()).isEqualTo(2L);
  }

  @Test
  void whatIsRefusedIsToldInTheGenerationThatIsRefused() {
    // Given
    told.clusterPolicy(
        1,
        "Admin",
        ToldNode.ALL_PODS,
        ToldNode.literal("tenant", 4) + "," + ToldNode.literal("qos", 300));

    // When, Then
    assertThat(state().failures())
        .containsExactly(new NodeFailure("p1", null, "Invalid", null, null));
    assertThat(only(state()).policies()).containsExactly(TOKEN);

    // When, Then
    told.map = ToldNode.MAP.replace("\"name\":\"qos\"", "\"name\":\"tenant\"").formatted("");
    assertThat(only(state()).state()).isEqualTo(NodeMap.FAILED);
    assertThat(only(state()).reason()).isEqualTo("Invalid");
    assertThat(only(state()).generation()).isEqualTo(2L);
  }

  @Test
  void aRefusalThatHasNoRoomIsNotToldAsDone() {
    // Given
    for (int i = 1; i <= 70; i++) {
      told.clusterPolicy(i, "Admin", ToldNode.ALL_PODS, ToldNode.literal("qos", 300));
    }

    // When
    NodeStateStatus state = state();

    // Then
    assertThat(state.failures()).hasSize(64);
    assertThat(state.omittedFailures()).isEqualTo(6);
    assertThat(only(state).policies()).hasSize(64);
  }

  @Test
  void whatHasNoRoomIsCountedAndTheSameTurnGivesTheSameState() {
    // Given
    for (int i = 1; i <= 600; i++) {
      told.clusterPolicy(i, "Admin", ToldNode.NO_PODS, ToldNode.literal("tenant", i));
    }

    // When
    NodeStateStatus state = state();

    // Then
    assertThat(only(state).policies()).hasSize(512).isSorted();
    assertThat(only(state).omittedPolicies()).isEqualTo(88);
    assertThat(state()).isEqualTo(state);
  }

  @Test
  void aRowThatFindsNoRoomFailsItsMaps() {
    // Given
    told.clusterPolicy(1, "Admin", ToldNode.ALL_PODS, ToldNode.literal("tenant", 4));
    Turn.Taken done = told.taken();
    List<Outcome> outcomes =
        done.execution().outcomes().stream().map(NodeStateTest::withoutRoom).toList();

    // When
    NodeMap full = only(state(done, new Execution(outcomes, done.execution().inForce())));

    // Then
    assertThat(full.state()).isEqualTo(NodeMap.FAILED);
    assertThat(full.reason()).isEqualTo("TooManyValues");
  }

  private static Outcome withoutRoom(Outcome outcome) {
    return outcome.step() instanceof Step.Assign assign
        ? new Outcome.Failed(assign, new StoreProblem.TooManyValues(assign.cgroup().id()))
        : outcome;
  }

  @Test
  void whatAnotherProcessTookAwayIsTheReasonOfEveryMap() {
    // Given
    told.clusterPolicy(1, "Admin", ToldNode.ALL_PODS, ToldNode.literal("tenant", 4));
    Turn.Taken done = told.taken();
    TaskFailure failure =
        new TaskFailure(Optional.empty(), "ForeignChange", "keep pin", 0, OptionalInt.empty());
    List<Outcome> outcomes =
        done.execution().outcomes().stream().map(outcome -> with(failure, outcome)).toList();

    // When
    NodeMap map = only(state(done, new Execution(outcomes, done.execution().inForce())));

    // Then
    assertThat(map.state()).isEqualTo(NodeMap.FAILED);
    assertThat(map.reason()).isEqualTo("ForeignChange");
  }

  private static Outcome with(TaskFailure failure, Outcome outcome) {
    return outcome instanceof Outcome.Done(var step, Outcome.Effect.Swept(var swept))
        ? new Outcome.Done(
            step,
            new Outcome.Effect.Swept(
                new SweepResult(swept.maps(), List.of(failure), 0, swept.tasks(), 0, 0)))
        : outcome;
  }

  @Test
  void countsThatChangeAllTheTimeAreNoReasonToWrite() {
    // Given
    told.clusterPolicy(1, "Admin", ToldNode.ALL_PODS, ToldNode.literal("tenant", 4));
    NodeStateStatus state = state();
    NodeMap map = only(state);

    // When
    NodeStateStatus more = withEntries(state, map, new EntryCounts(9, 9, 9L, 0L, 0L));
    NodeStateStatus late = withEntries(state, map, new EntryCounts(1, 0, 0L, 1L, 0L));

    // Then
    assertThat(NodeStateWriter.steady(more)).isEqualTo(NodeStateWriter.steady(state));
    assertThat(NodeStateWriter.steady(late)).isNotEqualTo(NodeStateWriter.steady(state));
  }

  private static NodeStateStatus withEntries(
      NodeStateStatus state, NodeMap map, EntryCounts entries) {
    NodeMap other =
        new NodeMap(
            map.name(),
            map.uid(),
            map.generation(),
            map.state(),
            map.reason(),
            entries,
            map.policies(),
            map.omittedPolicies());
    return new NodeStateStatus(state.agent(), List.of(other), null, null, null);
  }
}
