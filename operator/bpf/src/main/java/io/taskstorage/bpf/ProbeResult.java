package io.taskstorage.bpf;

/** Whether this kernel lets this process do something, as far as it could be found out. */
public sealed interface ProbeResult {
  /** It was done, and worked. */
  record Yes() implements ProbeResult {}

  /**
   * It was tried, and refused for good.
   *
   * @param reason why, in one clause
   * @param mend what would change it
   */
  record No(String reason, String mend) implements ProbeResult {}

  /**
   * It could not be tried, for example because no descriptor was left. The next attempt may tell.
   *
   * @param cause what came in between
   */
  record Unknown(BpfException cause) implements ProbeResult {}
}
