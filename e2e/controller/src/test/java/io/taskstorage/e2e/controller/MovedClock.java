package io.taskstorage.e2e.controller;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time, as far ahead as a test moves it. Thread-safe. */
final class MovedClock implements InstantSource {
  private volatile Duration ahead = Duration.ZERO;

  void moveTo(Duration more) {
    ahead = more;
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }
}
