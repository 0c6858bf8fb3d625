package io.taskstorage.controller.aggregate;

import io.taskstorage.api.v1alpha1.Reason;

/**
 * What there is to say about condition Programmed.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason why
 * @param message why, with numbers
 */
record Finding(String status, Reason reason, String message) {

  static Finding of(boolean programmed, Reason reason, String message) {
    return new Finding(programmed ? "True" : "False", reason, message);
  }

  /** The same with another reason. */
  Finding as(boolean programmed, Reason why, String more) {
    return of(programmed, why, message + "; " + more);
  }

  /** True if the object is as its author asked: nothing to wait for, nothing to mend. */
  boolean isReady() {
    return status.equals("True") || reason == Reason.OVERRIDDEN || reason == Reason.NO_MATCH;
  }

  /**
   * The rules that maps and policies share.
   *
   * @param programmedBefore every expected node had acted on this generation once
   * @param tolerated how many nodes may fail
   */
  static Finding of(
      Progress progress, Fleet fleet, long generation, boolean programmedBefore, int tolerated) {
    if (!fleet.hasAgents() || (progress.desired() > 0 && progress.expected() == 0)) {
      return new Finding(
          "Unknown",
          Reason.NO_AGENTS,
          Reason.NO_AGENTS.sentence() + ": " + Reason.NO_AGENTS.mend());
    }
    if (progress.desired() == 0) {
      return of(false, Reason.NO_MATCH, Reason.NO_MATCH.sentence());
    }
    if (progress.failed() > tolerated) {
      return of(
          false,
          Reason.NODES_FAILED,
          "%d of %d nodes failed, %d may: %s"
              .formatted(
                  progress.failed(),
                  progress.expected(),
                  tolerated,
                  progress.failures().ofNodes()));
    }
    if (progress.waiting() > 0 && !programmedBefore) {
      return of(
          false,
          Reason.RECONCILING,
          "%d of %d nodes have acted on generation %d"
              .formatted(progress.done(), progress.expected(), generation));
    }
    String done = "%d of %d nodes".formatted(progress.done(), progress.expected());
    if (progress.failed() > 0) {
      return of(
          true,
          Reason.SOME_NODES_FAILED,
          "%s; %d failed, %d may: %s"
              .formatted(done, progress.failed(), tolerated, progress.failures().ofNodes()));
    }
    return of(true, Reason.PROGRAMMED, done);
  }
}
