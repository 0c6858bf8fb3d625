package io.taskstorage.policy;

import java.util.Optional;

/** Decides which cgroups are the roots of a policy's subjects. */
public final class SubjectMatcher {

  private SubjectMatcher() {}

  /**
   * True if the policy names this very cgroup on this node.
   *
   * <p>What lies below a selected cgroup is selected through it and not told here. Cgroups of pods
   * are never host processes.
   */
  public static boolean selects(AcceptedPolicy policy, SubjectFacts facts, NodeFacts node) {
    return switch (policy.subject()) {
      case Subject.Pods _ -> false;
      case Subject.HostProcesses host ->
          LabelSelection.selects(host.nodeSelector(), node.labels()) && selects(host, facts);
    };
  }

  private static boolean selects(Subject.HostProcesses host, SubjectFacts facts) {
    return switch (facts) {
      case SubjectFacts.HostCgroup(String path) ->
          (host.cgroupPaths().contains(path) || namesUnitOf(host, path))
              && !PodsRoot.encloses(path);
    };
  }

  private static boolean namesUnitOf(Subject.HostProcesses host, String path) {
    if (host.systemdUnits().isEmpty()) {
      return false;
    }
    Optional<String> unit = UnitCgroup.unitAt(path);
    return unit.isPresent()
        && host.systemdUnits().stream().anyMatch(name -> UnitName.isNamedBy(unit.get(), name));
  }
}
