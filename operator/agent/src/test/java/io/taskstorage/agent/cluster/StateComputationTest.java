package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ContainerNames;
import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.EmulatedMembership;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StateComputationTest {
  private static final String MAP =
      """
      {"kind":"TaskStorageMap","apiVersion":"taskstorage.io/v1alpha1",
       "metadata":{"name":"m","uid":"%s","generation":1},"spec":{"bpfName":"m"%s}}
      """;
  private static final ObjectKey KEY = new ObjectKey("TaskStorageMap", "m");

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

  private ApiState next(ApiState before) {
    return computation.next(known, cgroups, ContainerNames.NONE, before);
  }

  @Test
  void itIsCompleteOnceEveryResourceIs() {
    assertThat(next(ApiState.UNKNOWN).complete()).isTrue();
    tell(Resource.PODS, false, Optional.empty());
    assertThat(next(ApiState.UNKNOWN).complete()).isFalse();
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
