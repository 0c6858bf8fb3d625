package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.EmulatedMembership;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodCgroupsTest {
  private static final String UID = "934e497d-988d-4295-9314-9af2bc8c935f";
  private static final String OTHER = "0f9ffa6b-6a6e-4d5c-8f2b-6d2b7a9a3c11";

  /** The UID of a static pod. */
  private static final String HASH = "0123456789abcdef0123456789abcdef";

  private static final String SLICED = "934e497d_988d_4295_9314_9af2bc8c935f";
  private static final String SYSTEMD =
      "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + SLICED + ".slice";

  private static CgroupSnapshot tree(String... paths) {
    EmulatedMembership tree = new EmulatedMembership();
    List.of(paths).forEach(tree::mkdir);
    return tree.cgroups();
  }

  private static Reading.Pod pod(String annotations) {
    return Reading.pod(
        """
        {"metadata":{"namespace":"shop","name":"web","uid":"%s","annotations":{%s}},
         "spec":{"containers":[{"name":"server"},{"name":"side"}]},
         "status":{"containerStatuses":[{"name":"server","containerID":"containerd://c1"},
                                        {"name":"side","containerID":"cri-o://c2"}]}}
        """
            .formatted(UID, annotations),
        Map.of());
  }

  /** The containers of each pod that is found, by the pod's path. */
  private static Map<String, Map<String, String>> found(String... paths) {
    return found(pod(""), paths);
  }

  private static Map<String, Map<String, String>> found(Reading.Pod pod, String... paths) {
    Map<String, Map<String, String>> found = new TreeMap<>();
    PodCgroups.of(tree(paths), List.of(pod))
        .forEach((path, each) -> found.put(path, each.containerCgroups()));
    return found;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/kubepods/pod" + UID,
        "/kubepods/besteffort/pod" + UID,
        "/kubepods/burstable/pod" + UID,
        "/kubelet.slice/kubepods/burstable/pod" + UID,
        "/kubepods.slice/kubepods-pod" + SLICED + ".slice",
        "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + SLICED + ".slice",
        SYSTEMD,
        "/kind.slice/kind-kubepods.slice/kind-kubepods-burstable.slice/kind-kubepods-burstable-pod"
            + SLICED
            + ".slice",
      })
  void aPodIsFoundByBothDriversAndInEveryClass(String path) {
    assertThat(found(path)).containsOnlyKeys(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Not below the cgroup of all pods.
        "/pod" + UID,
        "/system.slice/pod" + UID,
        // Inside a unit that anybody may have been given.
        "/system.slice/evil.service/kubepods/pod" + UID,
        // Too deep, or in a class that there is not.
        "/kubepods/burstable/podother/pod" + UID,
        "/kubepods/guaranteed/pod" + UID,
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podother.slice/kubepods-pod"
            + SLICED
            + ".slice",
        // The other driver's spelling, a part of the UID, more than the UID.
        "/kubepods/burstable/pod" + SLICED,
        "/kubepods.slice/pod" + UID,
        "/kubepods/pod934e497d",
        "/kubepods/pod" + UID + "x",
        // A name of another class than the slice that it is in.
        "/kubepods.slice/kubepods-burstable.slice/kubepods-besteffort-pod" + SLICED + ".slice",
      })
  void theUidAnywhereElseMeansNothing(String path) {
    assertThat(found(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cri-containerd-c1.scope", "crio-c1.scope", "docker-c1.scope", "c1"})
  void aContainerIsFoundByItsId(String name) {
    assertThat(found(SYSTEMD + "/" + name))
        .containsExactly(Map.entry(SYSTEMD, Map.of("server", SYSTEMD + "/" + name)));
  }

  @Test
  void whatIsNotRightBelowThePodOrHasAnotherIdIsThePods() {
    assertThat(
            found(
                SYSTEMD + "/cri-containerd-pause.scope",
                SYSTEMD + "/cri-containerd-c1.scope/c2",
                SYSTEMD + "/crio-conmon-c9.scope",
                SYSTEMD + "/c1c1"))
        .containsExactly(
            Map.entry(SYSTEMD, Map.of("server", SYSTEMD + "/cri-containerd-c1.scope")));
  }

  @Test
  void aStaticPodIsFoundByTheHashOfItsConfiguration() {
    // Given
    Reading.Pod mirror = pod(annotations(HASH, HASH));
    String path =
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + HASH + ".slice";

    // When, Then
    assertThat(found(mirror, path, SYSTEMD)).containsOnlyKeys(path);
  }

  private static String annotations(String hash, String mirror) {
    return "\"kubernetes.io/config.hash\":\"%s\",\"kubernetes.io/config.mirror\":\"%s\""
        .formatted(hash, mirror);
  }

  /** Whoever may annotate a pod makes it neither another one nor none. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // No kubelet has written it: anybody can add the hash.
        "\"kubernetes.io/config.hash\":\"" + HASH + "\"",
        "\"kubernetes.io/config.hash\":\"" + OTHER + "\"",
        // The UID of a pod that the API knows, which is no hash.
        "\"kubernetes.io/config.hash\":\""
            + OTHER
            + "\",\"kubernetes.io/config.mirror\":\""
            + OTHER
            + "\"",
        "\"kubernetes.io/config.hash\":\""
            + OTHER
            + "\",\"kubernetes.io/config.mirror\":\""
            + HASH
            + "\"",
        "\"kubernetes.io/config.mirror\":\"" + HASH + "\"",
      })
  void anAnnotationThatNoKubeletWroteMovesNoPod(String annotations) {
    String others = "/kubepods/burstable/pod" + OTHER;
    String hashs = "/kubepods/burstable/pod" + HASH;
    assertThat(found(pod(annotations), SYSTEMD, others, hashs)).containsOnlyKeys(SYSTEMD);
  }

  @Test
  void ofTwoStaticPodsInOneCgroupTheOlderOneCounts() {
    // Given
    Reading.Pod first = staticPod("kube-system", "scheduler", "2026-11-01T08:00:00Z", "c1");
    Reading.Pod forged = staticPod("shop", "scheduler", "2026-11-01T09:00:00Z", "c2");
    Reading.Pod again = staticPod("kube-system", "scheduler", "2026-11-01T10:00:00Z", "");

    // When, Then
    assertThat(first.or(forged)).isEqualTo(first);
    assertThat(forged.or(first)).isEqualTo(first);
    // The kubelet makes the object anew where somebody has deleted it.
    assertThat(first.or(again)).isEqualTo(again.with(first.containers()));
  }

  private static Reading.Pod staticPod(String namespace, String name, String created, String id) {
    String text =
        """
        {"metadata":{"namespace":"%s","name":"%s","uid":"%s","creationTimestamp":"%s","labels":{},
                     "annotations":{%s}},
         "status":{"containerStatuses":[{"name":"server","containerID":"%s"}]}}
        """
            .formatted(namespace, name, UID, created, annotations(HASH, HASH), id);
    return Reading.pod(Pruning.prune(Resource.PODS, Reading.tree(text)).toString(), Map.of());
  }

  @Test
  void anIdThatTheRuntimeTellsCountsBeforeOneOfTheServers() {
    // Given: the server still tells of the container before a restart
    String before = SYSTEMD + "/cri-containerd-c1.scope";
    String after = SYSTEMD + "/cri-containerd-c9.scope";
    String side = SYSTEMD + "/crio-c2.scope";
    Reading.Pod told = pod("").with(Map.of("c9", "server"));

    // When, Then
    assertThat(found(told, before, after, side))
        .containsExactly(Map.entry(SYSTEMD, Map.of("server", after, "side", side)));
    assertThat(found(told, before)).containsExactly(Map.entry(SYSTEMD, Map.of()));
    assertThat(pod("").with(Map.of())).isEqualTo(pod(""));
  }

  @Test
  void whereCgroupsOfPodsAndContainersComeIsKnown() {
    assertThat(
            PodCgroups.folders(
                tree("/system.slice/a.service", "/kubepods/burstable/pod1/c", "/kubepods/x")))
        .containsExactlyInAnyOrder("/kubepods", "/kubepods/burstable", "/kubepods/burstable/pod1");
  }
}
