package io.taskstorage.policy;

/** What a policy can select: one cgroup, with what is known about it. */
public sealed interface SubjectFacts {

  /**
   * A cgroup of the host.
   *
   * @param path from the root of the cgroup2 hierarchy, {@code /} for the root itself, else without
   *     a slash at the end; the names as the kernel has them
   */
  record HostCgroup(String path) implements SubjectFacts {
    /** Refuses what is no absolute path. */
    public HostCgroup {
      if (!path.startsWith("/") || (path.length() > 1 && path.endsWith("/"))) {
        throw new IllegalArgumentException(
            "describe cgroup %s: not a path from the root: begin with / and do not end with it"
                .formatted(path));
      }
    }
  }

  /** The cgroup of a pod, with its sandbox and all that is not known to be a container's. */
  record Pod(PodFacts pod) implements SubjectFacts {}

  /** The cgroup of one container of a pod. */
  record Container(PodFacts pod, ContainerFacts container) implements SubjectFacts {}
}
