package io.taskstorage.bpf;

/** What the kernel answered to an update of one task's entry. */
public sealed interface Update {
  /** The entry holds the new value: a new element replaced the old one, if there was one. */
  record Updated() implements Update {}

  /** {@link UpdateMode#NOEXIST} was asked for and there is an entry; nothing changed. */
  record AlreadyPresent() implements Update {}

  /** {@link UpdateMode#EXIST} was asked for and there is no entry; nothing changed. */
  record NoEntry() implements Update {}

  /** The task has been reaped. */
  record TaskGone() implements Update {}
}
