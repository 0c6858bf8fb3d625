package io.taskstorage.agent.cluster;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt. Not thread-safe. */
final class Backoff {
  static final Duration SHORTEST = Duration.ofMillis(500);
  static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int MAX_DOUBLINGS = 6;

  private final RandomGenerator random;
  private int failures;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** How many attempts in a row have failed. */
  int failures() {
    return failures;
  }

  /** An attempt succeeded. */
  void reset() {
    failures = 0;
  }

  /**
   * One more has failed. Between half of the limit and the limit, which doubles each time: many
   * agents that lost the server at once do not come back at once.
   *
   * @param atLeast what the server asked for
   */
  Duration next(Duration atLeast) {
    long limit =
        Math.min(SHORTEST.toMillis() << Math.min(failures, MAX_DOUBLINGS), LONGEST.toMillis());
    failures++;
    Duration chosen = Duration.ofMillis(random.nextLong(limit / 2, limit + 1));
    if (atLeast.compareTo(chosen) <= 0) {
      return chosen;
    }
    return atLeast.plusMillis(random.nextLong(SHORTEST.toMillis()));
  }
}
