package io.taskstorage.testkit;

import java.time.Duration;

/** How long to wait for what always happens. Only a broken machine reaches a limit. */
final class Limits {
  static final Duration GENEROUS = Duration.ofSeconds(90);

  private Limits() {}
}
