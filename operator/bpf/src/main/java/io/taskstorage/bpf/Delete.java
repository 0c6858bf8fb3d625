package io.taskstorage.bpf;

/** What the kernel answered to a deletion of one task's entry. */
public sealed interface Delete {
  /** There was an entry and it is gone. */
  record Deleted() implements Delete {}

  /** The task lives (or is a zombie) and had no entry. */
  record NoEntry() implements Delete {}

  /** The task has been reaped. */
  record TaskGone() implements Delete {}
}
