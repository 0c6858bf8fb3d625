package io.taskstorage.policy;

import java.util.List;

/**
 * Where the pods' part of the cgroup tree begins.
 *
 * <p>The kubelet puts all pods below one cgroup, {@code kubepods} with its cgroupfs driver and
 * {@code kubepods.slice} with its systemd driver; below a cgroup root of its own (option {@code
 * --cgroup-root}) the latter is {@code <root>-kubepods.slice}. Host policies do not reach into it.
 *
 * <p>Only a directory whose ancestors belong to the host counts: inside a service or scope, which
 * systemd may have delegated, anybody could make a {@code kubepods} and so escape a host policy.
 */
public final class PodsRoot {

  private static final int NONE = -1;

  private PodsRoot() {}

  /** True if this cgroup holds all pods of the node. The path is as in {@link SubjectFacts}. */
  public static boolean is(String cgroupPath) {
    // Most paths end otherwise, and need not be taken apart.
    return isRootName(cgroupPath.substring(cgroupPath.lastIndexOf('/') + 1))
        && depth(cgroupPath) == CgroupPath.names(cgroupPath).size();
  }

  /** True if this cgroup holds all pods of the node or lies below the one that does. */
  public static boolean encloses(String cgroupPath) {
    return depth(cgroupPath) != NONE;
  }

  /** How deep the pods' root lies on the way to this cgroup. */
  private static int depth(String cgroupPath) {
    List<String> names = CgroupPath.names(cgroupPath);
    for (int i = 0; i < names.size(); i++) {
      if (isRootName(names.get(i))) {
        return i + 1;
      }
      if (UnitName.mayBeDelegated(names.get(i))) {
        return NONE;
      }
    }
    return NONE;
  }

  /** True for any name that the kubelet gives to a cgroup of the pods' part, at any depth of it. */
  static boolean isPodsName(String name) {
    if (name.equals("kubepods") || name.startsWith("kubepods-")) {
      return true;
    }
    return name.endsWith(".slice") && (isRootName(name) || name.contains("-kubepods-"));
  }

  private static boolean isRootName(String name) {
    return name.equals("kubepods")
        || name.equals("kubepods.slice")
        || name.endsWith("-kubepods.slice");
  }
}
