package io.taskstorage.taskstore;

import io.taskstorage.bpf.PidfdResult;

/**
 * Opens a pidfd of one task, thread or leader, by its number; tests put kernels of other abilities
 * here.
 */
@FunctionalInterface
interface TaskOpener {
  PidfdResult open(int tid);
}
