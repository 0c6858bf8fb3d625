package io.taskstorage.e2e.operator.story;

import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.cluster.Host;

/**
 * A pod that a story put on a host.
 *
 * @param cgroup the pod's
 * @param task one in the cgroup of its container
 */
record StagedPod(Host host, String namespace, String name, Cgroup cgroup, Task task) {
  @Override
  public String toString() {
    return "pod " + namespace + "/" + name + " on " + host.node();
  }
}
