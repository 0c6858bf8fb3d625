package io.taskstorage.agent;

import java.time.Duration;

/**
 * How long a loop rests from one turn to the next. What comes meanwhile is one turn: so many
 * cgroups that come one after the other make no turn each. A new cgroup is waited with only as long
 * as the last turn took, so turns that are due all the time leave at least half of the time to
 * others; everything else waits until there may be more of it. One thread calls everything here.
 */
final class Pace {
  /** However short a turn was. */
  static final Duration LEAST = Duration.ofMillis(1);

  /** However long a turn was, and for all that is no new cgroup. */
  static final Duration MOST = Duration.ofMillis(20);

  private final Dirty dirty;
  private long begun = System.nanoTime();

  /** Of the loop that waits for {@code dirty}. */
  Pace(Dirty dirty) {
    this.dirty = dirty;
  }

  /** The loop looks, and takes a turn if one is due. */
  void begins() {
    begun = System.nanoTime();
  }

  /** It has; marks of {@link Dirty} stay to be seen. */
  void rest() {
    dirty.rest(least(Duration.ofNanos(System.nanoTime() - begun)), MOST);
  }

  /** For a new cgroup, after a turn that took so long. */
  static Duration least(Duration turn) {
    Duration atLeast = turn.compareTo(LEAST) < 0 ? LEAST : turn;
    return atLeast.compareTo(MOST) < 0 ? atLeast : MOST;
  }
}
