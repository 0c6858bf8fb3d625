package io.taskstorage.controller.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** How fast reports of nodes come in. Thread-safe. */
final class ReportRate {

  private static final Duration WINDOW = Duration.ofSeconds(2);

  /** So many in a window are a roll-out over a large cluster. */
  private static final int MANY = 100;

  private final InstantSource clock;
  private Instant begin = Instant.EPOCH;
  private int before;
  private int current;
  private Optional<Instant> last = Optional.empty();

  ReportRate(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void count() {
    Instant now = clock.instant();
    turn(now);
    current++;
    last = Optional.of(now);
  }

  /** True while they pour in, and for at most two windows longer. */
  synchronized boolean isBusy() {
    turn(clock.instant());
    return Math.max(before, current) >= MANY;
  }

  /** When the last one came. */
  synchronized Optional<Instant> last() {
    return last;
  }

  private void turn(Instant now) {
    Duration passed = Duration.between(begin, now);
    if (passed.isNegative() || passed.compareTo(WINDOW.multipliedBy(2)) >= 0) {
      before = 0;
      current = 0;
      begin = now;
    } else if (passed.compareTo(WINDOW) >= 0) {
      before = current;
      current = 0;
      begin = begin.plus(WINDOW);
    }
  }
}
