package io.taskstorage.controller.watch;

import org.jspecify.annotations.Nullable;

/** What an event does: before is null for a new object, now for one that is gone. */
interface Take<T> {

  /** True if a status may depend on the difference. */
  boolean take(@Nullable T before, @Nullable T now);

  /** The newer one that there is. */
  static <T> T either(@Nullable T before, @Nullable T now) {
    if (now != null) {
      return now;
    }
    if (before == null) {
      throw new IllegalArgumentException("take in event: neither before nor after: pass one");
    }
    return before;
  }
}
