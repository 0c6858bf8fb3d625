package io.taskstorage.bpf;

/** What pidfd_open(2) answered. */
public sealed interface PidfdResult {
  /** The caller owns the pidfd and closes it. */
  record Opened(Pidfd pidfd) implements PidfdResult {}

  /** There is no such task in the caller's pid namespace (any more). */
  record Gone() implements PidfdResult {}

  /** The task is not a thread-group leader and this kernel has no PIDFD_THREAD (before 6.9). */
  record ThreadUnsupported() implements PidfdResult {}

  /** Refused for another reason, such as EMFILE: too many descriptors are open. */
  record Refused(BpfException cause) implements PidfdResult {}
}
