package io.taskstorage.agent.demo;

import io.taskstorage.agent.Dirty;
import java.io.PrintWriter;
import java.time.Duration;

/** How fast the story goes, and whether it goes on. */
final class Pace {
  private final Dirty dirty;
  private final Duration pause;
  private final PrintWriter out;

  Pace(Dirty dirty, Duration pause, PrintWriter out) {
    this.dirty = dirty;
    this.pause = pause;
    this.out = out;
  }

  /** What the loop waits on. */
  Dirty dirty() {
    return dirty;
  }

  boolean isStopped() {
    return dirty.isStopped();
  }

  /** Lets people read what was just printed; false when the story is to end here. */
  boolean goesOn() {
    if (pause.isPositive() && !dirty.isStopped()) {
      dirty.await(pause);
    }
    // A reader that has gone away, such as head(1), has read enough.
    return !dirty.isStopped() && !out.checkError();
  }
}
