package io.taskstorage.taskstore.inkernel;

import io.taskstorage.layout.Value;

/**
 * An entry as a walk met it.
 *
 * @param tid in the first pid namespace, as {@code pid} is
 * @param cgroup the id of the task's cgroup
 */
public record Found(int tid, int pid, long cgroup, Value value) {}
