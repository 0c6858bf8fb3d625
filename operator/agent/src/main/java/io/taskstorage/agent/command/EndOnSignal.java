package io.taskstorage.agent.command;

import io.taskstorage.agent.Dirty;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and SIGTERM: the loop is asked to stop and ends on its own thread; then the process ends
 * with the exit code that the command would have had, when everything that it had to say is said.
 */
final class EndOnSignal implements AutoCloseable {
  /** A turn and a clean end together take seconds; whoever needs longer is cut off. */
  private static final long LIMIT_SECONDS = 60;

  /** The one that a signal may be waiting for. */
  private static final AtomicReference<@Nullable EndOnSignal> ENDING = new AtomicReference<>();

  private final Dirty dirty;
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;
  private volatile int exitCode = 1;

  private EndOnSignal(Dirty dirty) {
    this.dirty = dirty;
    this.hook = new Thread(this::stopAndWait, "end-on-signal");
  }

  /** From now on until close a signal stops {@code dirty}. */
  static EndOnSignal watch(Dirty dirty) {
    EndOnSignal signal = new EndOnSignal(dirty);
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** The program has nothing more to say and would end with this code: a signal may end it now. */
  static void programEnds(int exitCode) {
    EndOnSignal signal = ENDING.get();
    if (signal != null) {
      signal.exitCode = exitCode;
      signal.done.countDown();
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // A signal came, and its hook waits for the end of the program, not only of the command.
      ENDING.set(this);
    }
  }

  private void stopAndWait() {
    dirty.stop();
    try {
      if (!done.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        exitCode = 1;
      }
    } catch (InterruptedException e) {
      exitCode = 1;
    }
    // Without this the exit code would be that of the signal.
    Runtime.getRuntime().halt(exitCode);
  }
}
