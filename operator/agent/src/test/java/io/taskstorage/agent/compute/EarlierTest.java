package io.taskstorage.agent.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.ContainerKind;
import io.taskstorage.policy.Explanation;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PodFacts;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.SubjectFacts;
import io.taskstorage.policy.Tier;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What tells a row that comes too late from one that something else has brought. */
class EarlierTest {
  private static final PolicyKey OLD = PolicyKey.cluster("old");
  private static final PolicyKey NEW = PolicyKey.cluster("new");
  private static final ContainerFacts SERVER =
      new ContainerFacts("server", "s:1", ContainerKind.REGULAR);
  private static final Cgroup POD = cgroup(1, "/kubepods/podx");
  private static final Cgroup CONTAINER = cgroup(2, "/kubepods/podx/c1");
  private static final Cgroup HOST = cgroup(3, "/system.slice");

  @Test
  void aValueWasInForceIfEveryPolicyThatDecidesItWas() {
    // Given
    Earlier earlier = new Earlier(Set.of(OLD), Optional.empty());
    // Then
    assertThat(earlier.wasInForce(List.of(decides(OLD), nobody()))).isTrue();
    assertThat(earlier.wasInForce(List.of(decides(OLD), decides(NEW)))).isFalse();
    assertThat(earlier.wasInForce(List.of(decides(NEW)))).isFalse();
    assertThat(earlier.wasInForce(List.of(nobody()))).isFalse();
  }

  @Test
  void inTheFirstTurnOfAProcessNoCgroupIsKnown() {
    // Given
    Earlier earlier = new Earlier(Set.of(OLD), Optional.empty());
    // Then
    assertThat(earlier.isKnown(POD, new SubjectFacts.Pod(pod("u1")))).isFalse();
    assertThat(earlier.isKnown(HOST, new SubjectFacts.HostCgroup(HOST.path()))).isFalse();
  }

  @Test
  void aCgroupIsKnownAsWhatItWasKnownAs() {
    // Given
    Earlier earlier =
        new Earlier(Set.of(), Optional.of(observed(Map.of("server", "/kubepods/podx/c1"))));
    // Then
    assertThat(earlier.isKnown(HOST, new SubjectFacts.HostCgroup(HOST.path()))).isTrue();
    assertThat(earlier.isKnown(POD, new SubjectFacts.Pod(pod("u1")))).isTrue();
    assertThat(earlier.isKnown(POD, new SubjectFacts.Pod(pod("u2")))).isFalse();
    assertThat(earlier.isKnown(CONTAINER, new SubjectFacts.Container(pod("u1"), SERVER))).isTrue();
    Cgroup anew = cgroup(4, HOST.path());
    assertThat(earlier.isKnown(anew, new SubjectFacts.HostCgroup(HOST.path()))).isFalse();
  }

  @Test
  void aContainerIsNotKnownBeforeTheStatusOfItsPodNamesIt() {
    // Given
    Earlier earlier = new Earlier(Set.of(), Optional.of(observed(Map.of())));
    // Then
    assertThat(earlier.isKnown(CONTAINER, new SubjectFacts.Container(pod("u1"), SERVER))).isFalse();
  }

  @Test
  void whatIsSeenWhileMoreIsToComeIsNotKnown() {
    // Given
    Earlier earlier = new Earlier(Set.of(), Optional.of(observed(Map.of(), true)));
    // Then
    assertThat(earlier.isKnown(POD, new SubjectFacts.Pod(pod("u1")))).isFalse();
  }

  private static Observed observed(Map<String, String> containers) {
    return observed(containers, false);
  }

  private static Observed observed(Map<String, String> containers, boolean settling) {
    ClusterState cluster =
        new ClusterState(
            new NodeFacts("n", Map.of()),
            new TreeMap<>(),
            new TreeMap<>(Map.of(POD.path(), new PodOnNode(pod("u1"), new TreeMap<>(containers)))),
            new TreeSet<>());
    return new Observed(
        new ApiState(
            ApiState.UNKNOWN.objects(),
            true,
            settling,
            List.of(),
            List.of(),
            List.of(),
            Optional.of(cluster)),
        new CgroupSnapshot(List.of(POD, CONTAINER, HOST), List.of()),
        InForce.NOTHING,
        Optional.empty());
  }

  private static PodFacts pod(String uid) {
    return new PodFacts(
        "shop",
        "web",
        uid,
        Map.of(),
        Map.of(),
        "",
        "n",
        new NamespaceFacts("shop", Map.of()),
        List.of(SERVER));
  }

  private static Cgroup cgroup(long id, String path) {
    return new Cgroup(new CgroupId(id), Optional.empty(), path);
  }

  private static Explanation decides(PolicyKey policy) {
    return new Explanation(
        "f",
        Optional.of(new Explanation.Candidate(policy, Tier.ADMIN, 0)),
        Optional.empty(),
        List.of());
  }

  private static Explanation nobody() {
    return new Explanation("g", Optional.empty(), Optional.empty(), List.of());
  }
}
