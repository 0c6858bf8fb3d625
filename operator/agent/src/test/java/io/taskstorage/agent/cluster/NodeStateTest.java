package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.Turn;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.execute.Execution;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.agent.report.NodeStateComputation;
import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.api.v1alpha1.NodeAgent;
import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.taskstore.EmulatedMembership;
import io.taskstorage.taskstore.StoreProblem;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a node says of itself, from what a server told and a turn did. */
class NodeStateTest {
  private static final NodeAgent AGENT = new NodeAgent("1", "6.18", "Emulated", List.of());
  private static final String POD_UID = "11111111-0000-0000-0000-000000000001";
  private static final String POD = "/kubepods/pod" + POD_UID;
  private static final String MAP =
      """
      {"apiVersion":"taskstorage.io/v1alpha1","kind":"TaskStorageMap",
       "metadata":{"name":"ctx","uid":"aaaaaaaa-0000-0000-0000-000000000000","generation":2},
       "spec":{"bpfName":"ctx","value":{"typeName":"ctx","fields":[
         {"name":"tenant","type":"U64"},{"name":"qos","type":"U8"}]},
         "allowedPolicies":{"namespaces":{"from":"All"},"fields":["qos"]}%s}}
      """;

  private final List<String> clusterPolicies = new ArrayList<>();
  private final List<String> policies = new ArrayList<>();
  private String map = MAP.formatted("");

  private boolean hasPod = true;

  /** A cluster policy that sets fields; {@code values} is a list of JSON. */
  private void clusterPolicy(int number, String tier, String subject, String values) {
    clusterPolicies.add(
        """
        {"apiVersion":"taskstorage.io/v1alpha1","kind":"ClusterTaskStoragePolicy",
         "metadata":{"name":"p%1$d","uid":"%1$08d-0000-0000-0000-000000000000","generation":7},
         "spec":{"targetRefs":[{"group":"taskstorage.io","kind":"TaskStorageMap","name":"ctx"}],
          "tier":"%2$s","priority":100,"subject":{%3$s},"values":[%4$s]}}
        """
            .formatted(number, tier, subject, values));
  }

  private static final String ALL_PODS = "\"pods\":{\"namespaceSelector\":{}}";
  private static final String TOKEN = "000000010000:7";
  private static final String NO_PODS =
      "\"pods\":{\"namespaceSelector\":{\"matchLabels\":{\"no\":\"one\"}}}";

  private static String literal(String field, int value) {
    return "{\"field\":\"%s\",\"value\":\"%d\"}".formatted(field, value);
  }

  private static String computed(String field, String expression) {
    return "{\"field\":\"%s\",\"valueFrom\":{\"cel\":{\"expression\":\"%s\"}}}"
        .formatted(field, expression);
  }

  private NodeStateStatus state() {
    Turn.Taken done = taken();
    return state(done, done.execution());
  }

  private static NodeStateStatus state(Turn.Taken done, Execution execution) {
    return NodeStateComputation.of(
        AGENT, done.observed().orElseThrow(), done.desired().orElseThrow(), execution, Map.of());
  }

  private Turn.Taken taken() {
    String pod =
        """
        {"metadata":{"name":"web-1","namespace":"shop","uid":"%s","labels":{"app":"web"}},
         "spec":{"nodeName":"n","containers":[{"name":"server"}]},
         "status":{"containerStatuses":[{"name":"server","containerID":"x://c1"}]}}
        """
            .formatted(POD_UID);
    Map<Resource, Mirror.State> known = new EnumMap<>(Resource.class);
    known.put(Resource.PODS, told(hasPod ? List.of(pod) : List.of()));
    known.put(Resource.NODES, told(List.of("{\"metadata\":{\"name\":\"n\"}}")));
    known.put(Resource.NAMESPACES, told(List.of("{\"metadata\":{\"name\":\"shop\"}}")));
    known.put(Resource.TASKSTORAGEMAPS, told(List.of(map)));
    known.put(Resource.CLUSTERTASKSTORAGEPOLICIES, told(clusterPolicies));
    known.put(Resource.TASKSTORAGEPOLICIES, told(policies));
    EmulatedMembership tree = new EmulatedMembership();
    tree.mkdir(POD + "/c1");
    AtomicReference<Turn.@Nullable Taken> taken = new AtomicReference<>();
    try (TaskStore store = TaskStores.emulated(tree)) {
      Turn turn =
          new Turn(
              new NodeFacts("n", Map.of()),
              tree,
              store,
              Optional.empty(),
              LastAccepted.NONE,
              taken::set);
      var cgroups = turn.look();
      ApiState api = new StateComputation("n", "server").next(known, cgroups, ApiState.UNKNOWN);
      assertThat(api.complete()).isTrue();
      turn.take(api, cgroups);
    }
    return Optional.ofNullable(taken.get()).orElseThrow();
  }

  private static Mirror.State told(List<String> objects) {
    return new Mirror.State(objects, true, false, Optional.empty());
  }

  private static NodeMap only(NodeStateStatus state) {
    assertThat(state.maps()).hasSize(1);
    return Optional.ofNullable(state.maps()).orElseThrow().getFirst();
  }

  @Test
  void aMapThatIsInForceIsProgrammedAtItsGeneration() {
    // Given
    clusterPolicy(1, "Admin", ALL_PODS, literal("tenant", 4));

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
    clusterPolicy(1, "Admin", ALL_PODS, literal("tenant", 4));
    clusterPolicy(2, "Baseline", ALL_PODS, literal("tenant", 5));
    clusterPolicy(3, "Baseline", ALL_PODS, literal("tenant", 6) + "," + literal("qos", 1));
    clusterPolicy(4, "Admin", NO_PODS, literal("tenant", 7));

    // When, Then
    assertThat(only(state()).policies())
        .containsExactly(
            "000000010000:7m", "000000020000:7moz", "000000030000:7mo", "000000040000:7");
  }

  @Test
  void aPolicyOfANamespaceIsAcknowledgedWhereAPodOfItRuns() {
    // Given
    policies.add(
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
    hasPod = false;
    assertThat(only(state()).policies()).isNull();
  }

  @Test
  void whatCannotBeComputedIsCountedWithOneExample() {
    // Given
    clusterPolicy(1, "Admin", ALL_PODS, computed("tenant", "uint(pod.labels['no-such'])"));

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
    clusterPolicy(1, "Admin", ALL_PODS, literal("tenant", 4) + ",{\"field\":\"qos\",\"hue\":1}");

    // When, Then
    assertThat(state().failures())
        .containsExactly(new NodeFailure("p1", null, "UnsupportedField", null, null));
    assertThat(only(state()).policies()).as("its generation is acted on").containsExactly(TOKEN);

    // When, Then
    map = MAP.formatted(",\"colour\":\"red\"");
    NodeMap refused = only(state());
    assertThat(refused.state()).isEqualTo(NodeMap.FAILED);
    assertThat(refused.reason()).isEqualTo("UnsupportedField");
    assertThat(refused.generation()).isEqualTo(2L);
  }

  @Test
  void whatIsRefusedIsToldInTheGenerationThatIsRefused() {
    // Given
    clusterPolicy(1, "Admin", ALL_PODS, literal("tenant", 4) + "," + literal("qos", 300));

    // When, Then
    assertThat(state().failures())
        .containsExactly(new NodeFailure("p1", null, "Invalid", null, null));
    assertThat(only(state()).policies()).containsExactly(TOKEN);

    // When, Then
    map = MAP.replace("\"name\":\"qos\"", "\"name\":\"tenant\"").formatted("");
    assertThat(only(state()).state()).isEqualTo(NodeMap.FAILED);
    assertThat(only(state()).reason()).isEqualTo("Invalid");
    assertThat(only(state()).generation()).isEqualTo(2L);
  }

  @Test
  void aRefusalThatHasNoRoomIsNotToldAsDone() {
    // Given
    for (int i = 1; i <= 70; i++) {
      clusterPolicy(i, "Admin", ALL_PODS, literal("qos", 300));
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
      clusterPolicy(i, "Admin", NO_PODS, literal("tenant", i));
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
    clusterPolicy(1, "Admin", ALL_PODS, literal("tenant", 4));
    Turn.Taken done = taken();
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
  void countsThatChangeAllTheTimeAreNoReasonToWrite() {
    // Given
    clusterPolicy(1, "Admin", ALL_PODS, literal("tenant", 4));
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
