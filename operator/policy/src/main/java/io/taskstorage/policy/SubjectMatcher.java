package io.taskstorage.policy;

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
