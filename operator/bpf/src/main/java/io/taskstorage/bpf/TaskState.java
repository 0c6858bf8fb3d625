package io.taskstorage.bpf;

/** How far a task's life has come. */
public enum TaskState {
  /** Not exited. The leader of a process whose other threads live counts as alive. */
  ALIVE,
  /** Exited, and nobody has waited for it: a zombie. It can still have entries, and get some. */
  EXITED,
  /** Waited for, or a thread that ended: gone, and its entries with it. */
  REAPED
}
