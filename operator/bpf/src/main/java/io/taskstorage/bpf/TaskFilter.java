package io.taskstorage.bpf;

/**
 * Which tasks a task iterator visits ({@code bpf_iter_link_info.task}, Linux 6.1). Numbers are
 * those of the pid namespace of whoever makes the link; the walk itself happens in the pid
 * namespace of whoever opens the reader.
 */
public sealed interface TaskFilter {

  /** Every thread with a pid, zombies and kernel threads included. */
  record AllTasks() implements TaskFilter {}

  /** One task. */
  record OneTask(int tid) implements TaskFilter {}

  /** All threads of one process. */
  record ThreadsOf(int pid) implements TaskFilter {}
}
