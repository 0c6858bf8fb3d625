package io.taskstorage.agent;

import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.TakeOver;
import java.time.Duration;

/**
 * Marks the loop dirty when another process asks for the node. It looks again and again, since
 * nothing tells of a lock. Any thread may ask.
 */
public final class SuccessorWatch implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final PinTree pins;
  private final Dirty dirty;
  private final Thread thread;
  private volatile boolean isAsked;

  private SuccessorWatch(PinTree pins, Dirty dirty) {
    this.pins = pins;
    this.dirty = dirty;
    this.thread = Thread.ofPlatform().daemon().name("successor-watch").unstarted(this::look);
  }

  /** Looks on a thread of its own until somebody asks, or until it is closed. */
  public static SuccessorWatch start(PinTree pins, Dirty dirty) {
    SuccessorWatch watch = new SuccessorWatch(pins, dirty);
    watch.thread.start();
    return watch;
  }

  /** Whether somebody has asked. */
  public boolean isAsked() {
    return isAsked;
  }

  private void look() {
    try {
      while (!TakeOver.isAsked(pins)) {
        Thread.sleep(PAUSE);
      }
      isAsked = true;
      dirty.mark();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the looking; returns when nothing of it runs any more. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
