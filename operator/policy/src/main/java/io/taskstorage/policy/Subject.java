package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.LabelSelector;
import java.util.List;
import java.util.Optional;

/** Whose tasks carry a policy's values. */
public sealed interface Subject {

  /**
   * Pods of a cluster.
   *
   * @param namespaceSelector empty for a namespaced policy, which selects in its own namespace
   * @param podSelector labels of the pods
   * @param containerNames empty = the whole pod
   */
  record Pods(
      Optional<LabelSelector> namespaceSelector,
      LabelSelector podSelector,
      List<String> containerNames)
      implements Subject {
    /** Copies the list. */
    public Pods {
      containerNames = List.copyOf(containerNames);
    }
  }

  /**
   * Processes of the host itself; a cgroup that any unit or any path names is selected.
   *
   * @param nodeSelector nodes on which the policy applies
   * @param systemdUnits unit names; a template takes all its instances
   * @param cgroupPaths from the root of the cgroup2 hierarchy
   */
  record HostProcesses(
      LabelSelector nodeSelector, List<String> systemdUnits, List<String> cgroupPaths)
      implements Subject {
    /** Copies the lists. */
    public HostProcesses {
      systemdUnits = List.copyOf(systemdUnits);
      cgroupPaths = List.copyOf(cgroupPaths);
    }
  }
}
