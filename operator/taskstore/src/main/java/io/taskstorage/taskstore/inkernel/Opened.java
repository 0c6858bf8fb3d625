package io.taskstorage.taskstore.inkernel;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened for one purpose, to be closed together, the last first. */
final class Opened implements AutoCloseable {
  private final Deque<AutoCloseable> all = new ArrayDeque<>();

  /** One more, for this to close. */
  <T extends AutoCloseable> T add(T closeable) {
    all.push(closeable);
    return closeable;
  }

  @Override
  public void close() {
    while (!all.isEmpty()) {
      try {
        all.pop().close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
