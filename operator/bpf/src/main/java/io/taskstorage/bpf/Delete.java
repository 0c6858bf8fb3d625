package io.taskstorage.bpf;

/** What became of a deletion of one task's entry. */
public sealed interface Delete {
  /** The task had an entry and has none now. */
  record Deleted() implements Delete {}

  /** The task is alive or a zombie, and had no entry in this map. */
  record NoEntry() implements Delete {}

  /** The task has been reaped. */
  record TaskGone() implements Delete {}
}
