package io.taskstorage.controller.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When to ask anew where the pods of a policy's namespace are: once for each generation of the
 * policy, once more before it is called Ready, and between, while nodes are waited for, each time
 * after twice as long. Thread-safe.
 */
final class PodQuestions {

  /** An answer of which nothing is decided later than this. */
  static final Duration FRESH = Duration.ofSeconds(10);

  /** How long at most a pod that moved to a node which says nothing is overlooked. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  /** Since when this process knows of a generation. */
  private record Known(long generation, Instant since) {}

  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * How long until the next question; zero = now.
   *
   * @param uid the policy's
   * @param asked when its namespace was asked about last
   * @param decides the policy is about to be called Ready for this generation
   */
  Duration wait(
      String uid, long generation, Optional<Instant> asked, boolean decides, Instant now) {
    Instant since =
        known
            .compute(
                uid,
                (_, before) ->
                    before != null && before.generation() == generation
                        ? before
                        : new Known(generation, now))
            .since();
    if (asked.isEmpty() || asked.get().isBefore(since) || asked.get().isAfter(now)) {
      return Duration.ZERO;
    }
    Duration age = Duration.between(asked.get(), now);
    Duration interval = decides ? FRESH : bounded(Duration.between(since, asked.get()));
    return age.compareTo(interval) >= 0 ? Duration.ZERO : interval.minus(age);
  }

  private static Duration bounded(Duration interval) {
    if (interval.compareTo(FRESH) < 0) {
      return FRESH;
    }
    return interval.compareTo(LONGEST) > 0 ? LONGEST : interval;
  }

  /** Forgets policies that are gone. */
  void keepOnly(Collection<String> uids) {
    known.keySet().retainAll(uids);
  }
}
