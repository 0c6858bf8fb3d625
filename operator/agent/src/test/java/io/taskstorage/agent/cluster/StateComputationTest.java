package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.ContainerNames;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.policy.PodFacts;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.EmulatedMembership;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class StateComputationTest {
  private static final String MAP =
      """
      {"kind":"TaskStorageMap","apiVersion":"taskstorage.io/v1alpha1",
       "metadata":{"name":"m","uid":"%s","generation":1},"spec":{"bpfName":"m"%s}}
      """;
  private static final ObjectKey KEY = new ObjectKey("TaskStorageMap", "m");

  private static final String RUNNING =
      "\"status\":{\"containerStatuses\":[{\"name\":\"server\",\"containerID\":\"x://id-%s\"}]}";

  private final StateComputation computation = new StateComputation("n", "server");
  private final Map<Resource, Mirror.State> known = new EnumMap<>(Resource.class);
  private final CgroupSnapshot cgroups = new EmulatedMembership().cgroups();

  StateComputationTest() {
    for (Resource resource : Resource.values()) {
      tell(resource, true, Optional.empty());
    }
  }

  private void tell(
      Resource resource, boolean listed, Optional<String> trouble, String... objects) {
    known.put(resource, new Mirror.State(List.of(objects), listed, false, trouble));
  }

  /** As it is told: another instance for each change. */
  private Map<Resource, Mirror.State> told() {
    return new EnumMap<>(known);
  }

  private ApiState next(ApiState before) {
    return computation.next(told(), cgroups, ContainerNames.NONE, before);
  }

  @Test
  void itIsCompleteOnceEveryResourceIs() {
    assertThat(next(ApiState.UNKNOWN).complete()).isTrue();
    tell(Resource.PODS, false, Optional.empty());
    assertThat(next(ApiState.UNKNOWN).complete()).isFalse();
  }

  @Test
  void moreIsToComeUntilTheServerHasListedEveryResource() {
    assertThat(next(ApiState.UNKNOWN).settling()).isFalse();
    known.put(Resource.NODES, new Mirror.State(List.of(), false, true, Optional.empty()));
    assertThat(next(ApiState.UNKNOWN).settling()).isTrue();
    assertThat(next(ApiState.UNKNOWN).complete()).isTrue();
  }

  @Test
  void ofTwoTextsOfOneObjectTheLaterOneCounts() {
    // Given
    tell(
        Resource.TASKSTORAGEMAPS,
        true,
        Optional.empty(),
        MAP.formatted("told", ""),
        MAP.formatted("remembered", ""));
    tell(Resource.NODES, true, Optional.empty(), labelled("n", "told"), labelled("n", "before"));
    tell(
        Resource.NAMESPACES,
        true,
        Optional.empty(),
        labelled("s", "told"),
        labelled("s", "before"));

    // When
    ApiState state = next(ApiState.UNKNOWN);

    // Then
    ClusterState cluster = state.cluster().orElseThrow();
    assertThat(cluster.node().labels()).containsEntry("is", "before");
    assertThat(cluster.namespaces().values())
        .extracting(namespace -> namespace.labels().get("is"))
        .containsExactly("before");
    assertThat(state.objects().values())
        .extracting(origin -> origin.object().getMetadata().getUid())
        .containsExactly("remembered");
  }

  @Test
  void ofTwoPodsOfOneNameEachHasItsCgroup() {
    // Given
    EmulatedMembership tree = new EmulatedMembership();
    tree.mkdir("/kubepods/podtold");
    tree.mkdir("/kubepods/podremembered");
    tell(Resource.PODS, true, Optional.empty(), pod("told", "a"), pod("remembered", "b"));

    // When
    ApiState state = computation.next(known, tree.cgroups(), ContainerNames.NONE, ApiState.UNKNOWN);

    // Then
    assertThat(state.cluster().orElseThrow().pods())
        .containsOnlyKeys("/kubepods/podremembered", "/kubepods/podtold");
  }

  @Test
  void ofTwoTextsOfOnePodTheEarlierOneAddsWhichContainersCame() {
    // Given: the container was started anew
    EmulatedMembership tree = new EmulatedMembership();
    tree.mkdir("/kubepods/podu/id-before");
    tree.mkdir("/kubepods/podu/id-now");
    tell(
        Resource.PODS,
        true,
        Optional.empty(),
        pod("u", "told").replace("}}}", "}}," + RUNNING.formatted("now") + "}"),
        pod("u", "before").replace("}}}", "}}," + RUNNING.formatted("before") + "}"));

    // When
    ApiState state = computation.next(known, tree.cgroups(), ContainerNames.NONE, ApiState.UNKNOWN);

    // Then
    PodOnNode pod = state.cluster().orElseThrow().pods().values().iterator().next();
    assertThat(pod.pod().labels()).containsEntry("is", "before");
    assertThat(pod.containerCgroups()).isEqualTo(Map.of("server", "/kubepods/podu/id-now"));
  }

  private static String labelled(String name, String label) {
    return "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"is\":\"%s\"}}}".formatted(name, label);
  }

  private static String pod(String uid, String label) {
    return """
    {"metadata":{"name":"p","namespace":"s","uid":"%s","labels":{"is":"%s"}}}
    """
        .formatted(uid, label);
  }

  @Test
  void aPodIsReadAgainOnlyWhereItOrANamespaceHasChanged() {
    // Given
    EmulatedMembership tree = new EmulatedMembership();
    tree.mkdir("/kubepods/podu1");
    tree.mkdir("/kubepods/podu2");
    tell(Resource.NAMESPACES, true, Optional.empty(), labelled("s", "a"));
    tell(Resource.PODS, true, Optional.empty(), pod("u1", "a"), pod("u2", "a"));
    Map<String, PodOnNode> before = pods(tree);

    // When
    tell(Resource.PODS, true, Optional.empty(), pod("u1", "a"), pod("u2", "b"));
    Map<String, PodOnNode> after = pods(tree);

    // Then
    assertThat(facts(after, "u1")).isSameAs(facts(before, "u1"));
    assertThat(facts(after, "u2").labels()).containsEntry("is", "b");

    // When
    tell(Resource.NAMESPACES, true, Optional.empty(), labelled("s", "b"));

    // Then
    assertThat(facts(pods(tree), "u1").ns().labels()).containsEntry("is", "b");
  }

  @Test
  void aPodWhoseCgroupComesIsFoundThoughNobodyToldMore() {
    // Given
    EmulatedMembership tree = new EmulatedMembership();
    tree.mkdir("/kubepods/podu1");
    tell(Resource.NAMESPACES, true, Optional.empty(), labelled("s", "a"));
    tell(Resource.PODS, true, Optional.empty(), pod("u1", "a"), pod("u2", "a"));
    Map<Resource, Mirror.State> same = told();
    ApiState before = computation.next(same, tree.cgroups(), ContainerNames.NONE, ApiState.UNKNOWN);

    // When
    tree.mkdir("/kubepods/podu2/c1");
    ContainerNames containers = new ContainerNames(Map.of("u2", Map.of("c1", "server")));
    ApiState after = computation.next(same, tree.cgroups(), containers, before);

    // Then
    assertThat(before.cluster().orElseThrow().pods()).containsOnlyKeys("/kubepods/podu1");
    SortedMap<String, PodOnNode> pods = after.cluster().orElseThrow().pods();
    assertThat(pods).containsOnlyKeys("/kubepods/podu1", "/kubepods/podu2");
    assertThat(Objects.requireNonNull(pods.get("/kubepods/podu2")).containerCgroups())
        .isEqualTo(Map.of("server", "/kubepods/podu2/c1"));
    assertThat(facts(pods, "u1")).isSameAs(facts(before.cluster().orElseThrow().pods(), "u1"));
  }

  private Map<String, PodOnNode> pods(EmulatedMembership tree) {
    return computation
        .next(told(), tree.cgroups(), ContainerNames.NONE, ApiState.UNKNOWN)
        .cluster()
        .orElseThrow()
        .pods();
  }

  private static PodFacts facts(Map<String, PodOnNode> pods, String uid) {
    return Objects.requireNonNull(pods.get("/kubepods/pod" + uid)).pod();
  }

  @Test
  void troubleIsToldAndTakesNothingAway() {
    // Given
    tell(Resource.TASKSTORAGEMAPS, true, Optional.of("lost"), MAP.formatted("u1", ""));

    // When
    ApiState state = next(ApiState.UNKNOWN);

    // Then
    assertThat(state.objects()).containsOnlyKeys(KEY);
    assertThat(state.complete()).isTrue();
    assertThat(state.problems()).extracting(FileProblem::toString).containsExactly("server: lost");
  }

  @Test
  void anEarlierVersionOfTheSameObjectStaysWhereTheNewOneIsNotKnown() {
    // Given
    tell(Resource.TASKSTORAGEMAPS, true, Optional.empty(), MAP.formatted("u1", ""));
    ApiState before = next(ApiState.UNKNOWN);
    tell(Resource.TASKSTORAGEMAPS, true, Optional.empty(), MAP.formatted("u1", ",\"hue\":1"));

    // When
    ApiState after = next(before);

    // Then
    assertThat(after.objects().get(KEY)).isEqualTo(before.objects().get(KEY));
    assertThat(after.unsupported()).extracting(object -> object.key()).containsExactly(KEY);
    assertThat(after.problems())
        .singleElement()
        .asString()
        .startsWith("server: TaskStorageMap m: spec.hue: unknown field")
        .endsWith(" (the version before stays in force)");
  }

  @Test
  void anotherObjectOfTheNameIsNotTakenForIt() {
    // Given
    tell(Resource.TASKSTORAGEMAPS, true, Optional.empty(), MAP.formatted("u1", ""));
    ApiState before = next(ApiState.UNKNOWN);
    tell(Resource.TASKSTORAGEMAPS, true, Optional.empty(), MAP.formatted("u2", ",\"hue\":1"));

    // When, Then
    assertThat(next(before).objects()).isEmpty();
  }

  @Test
  void podsThatRunWithoutCgroupsOfTheirsAreTold() {
    // Given
    tell(
        Resource.PODS,
        true,
        Optional.empty(),
        """
        {"metadata":{"name":"p","namespace":"s","uid":"u"},
         "status":{"containerStatuses":[{"name":"c","containerID":"x://1"}]}}
        """);

    // When, Then
    assertThat(next(ApiState.UNKNOWN).problems())
        .singleElement()
        .asString()
        .contains(
            "pods of this node run, and its cgroup2 tree has no cgroup of theirs, as where their"
                + " cgroups are of v1: boot with the unified hierarchy, or give the folder by"
                + " --cgroup-root");
  }
}
