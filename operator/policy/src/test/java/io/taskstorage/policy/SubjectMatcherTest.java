package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.api.v1alpha1.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectMatcherTest {

  private static final NodeFacts NODE = new NodeFacts("n", Map.of("role", "db"));

  static Stream<Arguments> subjects() {
    return Table.rows("SubjectMatcherTest/subjects.table", 3);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void selectsTheCgroupThatIsNamed(String selected, String named, String cgroup) {
    // Given
    boolean isPath = named.startsWith("/");
    Subject subject =
        new Subject.HostProcesses(
            LabelSelector.EVERYTHING,
            isPath ? List.of() : List.of("other.service", named),
            isPath ? List.of("/other", named) : List.of());
    // When
    boolean selects =
        SubjectMatcher.selects(policy(subject), new SubjectFacts.HostCgroup(cgroup), NODE);
    // Then
    assertThat(selects).isEqualTo(selected.equals("yes"));
  }

  @Test
  void selectsByUnitsAndPathsAlike() {
    // Given
    Subject subject =
        new Subject.HostProcesses(LabelSelector.EVERYTHING, List.of("a.service"), List.of("/b"));
    // When
    List<Boolean> selected =
        Stream.of("/a.service", "/b", "/c")
            .map(
                path ->
                    SubjectMatcher.selects(
                        policy(subject), new SubjectFacts.HostCgroup(path), NODE))
            .toList();
    // Then
    assertThat(selected).containsExactly(true, true, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"db", "web"})
  void selectsOnlyOnNodesThatTheSelectorTakes(String role) {
    // Given
    LabelSelector selector = new LabelSelector(Map.of("role", role), null, Map.of());
    Subject subject = new Subject.HostProcesses(selector, List.of(), List.of("/a"));
    // When
    boolean selects =
        SubjectMatcher.selects(policy(subject), new SubjectFacts.HostCgroup("/a"), NODE);
    // Then
    assertThat(selects).isEqualTo(role.equals("db"));
  }

  @Test
  void selectsNoHostCgroupForPods() {
    // Given
    Subject subject =
        new Subject.Pods(
            Optional.of(LabelSelector.EVERYTHING), LabelSelector.EVERYTHING, List.of());
    // When
    boolean selects =
        SubjectMatcher.selects(
            policy(subject), new SubjectFacts.HostCgroup("/kubepods/pod1"), NODE);
    // Then
    assertThat(selects).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "/a/"})
  void refusesWhatIsNoPathFromTheRoot(String path) {
    assertThatThrownBy(() -> new SubjectFacts.HostCgroup(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "describe cgroup %s: not a path from the root: begin with / and do not end with it",
            path);
  }

  private static AcceptedPolicy policy(Subject subject) {
    return new AcceptedPolicy(PolicyKey.cluster("p"), Tier.ADMIN, 0, "m", subject, List.of(), 1);
  }
}
