package io.taskstorage.policy;

import java.util.Collection;
import java.util.List;

/** Decides which cgroups are the roots of a policy's subjects. */
public final class SubjectMatcher {

  private SubjectMatcher() {}

  /**
   * True if the policy names this very cgroup on this node.
   *
   * <p>What lies below a selected cgroup is selected through it and not told here: a policy that
   * names no containers selects the pod, not its containers one by one. Cgroups of pods are never
   * host processes.
   */
  public static boolean selects(AcceptedPolicy policy, SubjectFacts facts, NodeFacts node) {
    return switch (facts) {
      case SubjectFacts.HostCgroup(String path) ->
          policy.subject() instanceof Subject.HostProcesses host
              && LabelSelection.selects(host.nodeSelector(), node.labels())
              && (host.cgroupPaths().contains(path) || namesUnitOf(host, path))
              && !PodsRoot.encloses(path);
      case SubjectFacts.Pod(PodFacts pod) ->
          policy.subject() instanceof Subject.Pods pods
              && pods.containerNames().isEmpty()
              && selects(policy.key(), pods, pod);
      case SubjectFacts.Container(PodFacts pod, ContainerFacts container) ->
          policy.subject() instanceof Subject.Pods pods
              && pods.containerNames().contains(container.name())
              && selects(policy.key(), pods, pod);
    };
  }

  /**
   * The policies that decide what the tasks of a pod's or container's cgroup carry, in the order
   * given: for a container, those that select its pod too.
   *
   * <p>For a cgroup of the host this is only what names the cgroup itself; whoever knows the tree
   * adds what names those above it.
   */
  public static List<AcceptedPolicy> selecting(
      Collection<AcceptedPolicy> policies, SubjectFacts facts, NodeFacts node) {
    return policies.stream()
        .filter(
            policy ->
                selects(policy, facts, node)
                    || (facts instanceof SubjectFacts.Container(PodFacts pod, var _)
                        && selects(policy, new SubjectFacts.Pod(pod), node)))
        .toList();
  }

  private static boolean selects(PolicyKey policy, Subject.Pods pods, PodFacts pod) {
    boolean inNamespace =
        pods.namespaceSelector()
            .map(selector -> LabelSelection.selects(selector, pod.ns().labels()))
            .orElseGet(() -> policy.namespace().equals(pod.namespace()));
    return inNamespace && LabelSelection.selects(pods.podSelector(), pod.labels());
  }

  private static boolean namesUnitOf(Subject.HostProcesses host, String path) {
    String directory = path.substring(path.lastIndexOf('/') + 1);
    for (String unit : host.systemdUnits()) {
      // Every policy asks this of every cgroup: the directory's name nearly always says no at once.
      if (UnitCgroup.mayBelongTo(directory, unit)
          && UnitCgroup.unitAt(path).filter(found -> UnitName.isNamedBy(found, unit)).isPresent()) {
        return true;
      }
    }
    return false;
  }
}
