package io.taskstorage.simulator;

import io.taskstorage.agent.cluster.ApiCounts;
import java.util.concurrent.atomic.LongAdder;

/** What became of the reports of all simulated agents. Thread-safe. */
final class ReportCounts implements ApiCounts {
  private final LongAdder written = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private volatile long lastNanos = System.nanoTime();

  @Override
  public void begins(String resource) {}

  @Override
  public void listed(String resource, int found) {}

  @Override
  public void event(String resource) {}

  @Override
  public void failed(String resource, int code) {}

  @Override
  public void stateWritten(boolean ok) {
    if (ok) {
      lastNanos = System.nanoTime();
      written.increment();
    } else {
      failed.increment();
    }
  }

  long written() {
    return written.sum();
  }

  long failed() {
    return failed.sum();
  }

  /** By {@link System#nanoTime}, when the last one was written. */
  long lastNanos() {
    return lastNanos;
  }
}
