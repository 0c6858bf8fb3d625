package io.taskstorage.agent.cluster;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The answer that one thread reads, and another may end when nothing comes any more: the network
 * can lose a connection without telling either side.
 */
final class OpenBody {
  /** A server that is well tells a bookmark about every minute. */
  static final Duration QUIET = Duration.ofMinutes(3);

  private final InstantSource clock;
  private @Nullable InputStream body;
  private long lastMillis;
  private boolean quiet;

  OpenBody(InstantSource clock) {
    this.clock = clock;
  }

  /** The same bytes, watched from now on. */
  synchronized InputStream of(InputStream answer) {
    body = answer;
    lastMillis = clock.millis();
    quiet = false;
    return new FilterInputStream(answer) {
      @Override
      public int read() throws IOException {
        int one = super.read();
        touched();
        return one;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        touched();
        return count;
      }
    };
  }

  private synchronized void touched() {
    lastMillis = clock.millis();
  }

  /** True if what was opened last was ended because nothing came. */
  synchronized boolean wasQuiet() {
    return quiet;
  }

  void closeIfQuiet() {
    synchronized (this) {
      if (body == null || clock.millis() - lastMillis < QUIET.toMillis()) {
        return;
      }
      quiet = true;
    }
    close();
  }

  void close() {
    InputStream open;
    synchronized (this) {
      open = body;
      body = null;
    }
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      // It is being given up.
    }
  }
}
