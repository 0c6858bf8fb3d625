package io.taskstorage.controller.reconcile;

import io.taskstorage.controller.aggregate.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a status that differs may be written. Pure. */
final class Pace {

  /** No object is written more often. */
  static final Duration LEAST = Duration.ofSeconds(1);

  /** While reports pour in, as in a roll-out over thousands of nodes, numbers are old at once. */
  static final Duration WHILE_BUSY = Duration.ofSeconds(15);

  /**
   * So often all are looked at meanwhile. With what {@link ReportRate} takes to see that the last
   * one has come it is still below ten seconds from there to a status that is right.
   */
  static final Duration LOOK_WHILE_BUSY = Duration.ofSeconds(4);

  /** Counts that come and go with processes. */
  static final Duration COUNTS = Duration.ofMinutes(10);

  private Pace() {}

  /**
   * How long to wait; empty if it may be written now.
   *
   * @param written when the object was last written, if it was by this process
   * @param counted when its counts were last written, or first seen by this process
   * @param busy reports pour in
   * @param now a time before the others, as after a clock was set back, makes nothing wait longer
   *     than its interval
   */
  static Optional<Duration> wait(
      Change change, Optional<Instant> written, Instant counted, boolean busy, Instant now) {
    Duration least =
        written
            .map(last -> rest(last, busy && change == Change.REAL ? WHILE_BUSY : LEAST, now))
            .orElse(Duration.ZERO);
    Duration rest = change == Change.COUNTS ? longer(least, rest(counted, COUNTS, now)) : least;
    return rest.isZero() ? Optional.empty() : Optional.of(rest);
  }

  /**
   * Whether it is time to look at all objects again.
   *
   * @param looked when they were last looked at
   */
  static boolean mayLook(Instant looked, boolean busy, Instant now) {
    return !busy || rest(looked, LOOK_WHILE_BUSY, now).isZero();
  }

  private static Duration rest(Instant since, Duration interval, Instant now) {
    Duration passed = Duration.between(since, now);
    if (passed.isNegative()) {
      return Duration.ZERO;
    }
    Duration rest = interval.minus(passed);
    return rest.isNegative() ? Duration.ZERO : rest;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
