package io.taskstorage.bpf;

/** What became of an update of one task's entry. */
public sealed interface Update {
  /** The entry has the value. Where it had another, a new element took the old one's place. */
  record Updated() implements Update {}

  /** Refused because of {@link UpdateMode#NOEXIST}: the task has an entry, which stays. */
  record AlreadyPresent() implements Update {}

  /** Refused because of {@link UpdateMode#EXIST}: the task has no entry and gets none. */
  record NoEntry() implements Update {}

  /** The task has been reaped. */
  record TaskGone() implements Update {}
}
