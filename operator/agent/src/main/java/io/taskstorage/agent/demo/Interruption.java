package io.taskstorage.agent.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, SIGTERM and SIGHUP: the story is asked to stop, undoes everything on its own thread, and
 * only then the process ends. Everything the demo made belongs to that thread, so the signal's
 * thread waits instead of undoing.
 */
final class Interruption implements AutoCloseable {
  /** Undoing takes well below a second; a story that does not come to its end is left alone. */
  private static final long UNDO_SECONDS = 20;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch undone = new CountDownLatch(1);

  /** From now on until close, a signal that ends the process waits for close. */
  static Interruption watch() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::askAndWait, "demo-interruption"));
    return interruption;
  }

  /** Waits, so that people can read. Returns at once when the story has been asked to stop. */
  void pause(Duration duration) {
    try {
      if (asked.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Interrupted();
      }
    } catch (InterruptedException e) {
      throw new Interrupted();
    }
  }

  /** Ends the story here if it has been asked to stop. */
  void check() {
    if (asked.getCount() == 0) {
      throw new Interrupted();
    }
  }

  /** Everything is undone. */
  @Override
  public void close() {
    undone.countDown();
  }

  void askAndWait() {
    asked.countDown();
    try {
      undone.await(UNDO_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The story was asked to stop. */
  static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
