package io.taskstorage.agent.cluster;

import java.time.Instant;
import java.time.InstantSource;

/** Time for limits and pauses: it goes on evenly whatever becomes of the node's clock. */
final class Monotonic {
  /** Its instants compare with each other alone; they are no dates. */
  static final InstantSource CLOCK = () -> Instant.ofEpochSecond(0, System.nanoTime());

  private Monotonic() {}
}
