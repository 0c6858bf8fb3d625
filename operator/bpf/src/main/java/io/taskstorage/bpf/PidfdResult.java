package io.taskstorage.bpf;

/** What pidfd_open(2) answered. */
public sealed interface PidfdResult {
  /**
   * The task exists.
   *
   * @param pidfd the caller's, to be closed
   */
  record Opened(Pidfd pidfd) implements PidfdResult {}

  /** No task has this number (any more). */
  record Gone() implements PidfdResult {}

  /** It is a thread that leads no process, and the kernel is older than 6.9. */
  record ThreadUnsupported() implements PidfdResult {}

  /**
   * Refused for a reason that is not the task's end.
   *
   * @param cause for example EMFILE
   */
  record Refused(BpfException cause) implements PidfdResult {}
}
