package io.taskstorage.testkit.cluster;

import io.taskstorage.testkit.Cgroup;
import java.nio.file.Path;

/**
 * A part of this machine that plays a Node.
 *
 * @param node the name of the Node
 * @param cgroups the folder that stands in for the root of the node's cgroup tree
 * @param pins the folder in which the agent pins the maps, in a bpffs of the host's own
 * @param agent the host's agent
 */
public record Host(String node, Path cgroups, Path pins, Part agent) {
  /** Makes the cgroup of a pod of the class BestEffort, as a kubelet does before any container. */
  public Cgroup createPodCgroup(String uid) {
    return new Cgroup(cgroups, cgroups).create("kubepods", "besteffort", "pod" + uid);
  }
}
