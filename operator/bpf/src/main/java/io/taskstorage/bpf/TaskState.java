package io.taskstorage.bpf;

/** How far the life of a task behind a pidfd has come. */
public enum TaskState {
  /** It runs or may run. */
  ALIVE,
  /** A zombie: it has exited, nobody has waited for it, its entries are still there. */
  EXITED,
  /** It is gone, and its entries with it. */
  REAPED
}
