package io.taskstorage.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets the kernel number more tasks for a while: {@code kernel.pid_max} as it was comes back with
 * {@link #close}, and at the latest when this JVM ends.
 */
public final class PidMax implements AutoCloseable {
  private static final Path FILE = Path.of("/proc/sys/kernel/pid_max");

  /** What comes back; 0 where nothing has to. */
  private final AtomicInteger before = new AtomicInteger();

  private final Thread atExit = new Thread(this::restore);

  private PidMax() {}

  /**
   * Raises it, unless it is as large already. Where it may not be changed, as in a container,
   * everything stays as it is: {@link #now} tells.
   */
  public static PidMax raisedTo(int numbers) {
    PidMax raised = new PidMax();
    int before = now();
    if (before < numbers) {
      raised.before.set(before);
      Runtime.getRuntime().addShutdownHook(raised.atExit);
      try {
        write(numbers);
      } catch (IOException e) {
        raised.before.set(0);
        Runtime.getRuntime().removeShutdownHook(raised.atExit);
        System.out.println("raise kernel.pid_max to " + numbers + ": " + e.getMessage());
      }
    }
    return raised;
  }

  /** The largest number that a task may have now, plus one. */
  public static int now() {
    // In one read: from the second on such a file has ended, and Files.readString begins with one
    // byte.
    try (BufferedReader file = Files.newBufferedReader(FILE)) {
      return Integer.parseInt(file.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException("read " + FILE + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (before.get() != 0) {
      restore();
      Runtime.getRuntime().removeShutdownHook(atExit);
    }
  }

  private void restore() {
    int number = before.getAndSet(0);
    if (number == 0) {
      return;
    }
    try {
      write(number);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "put kernel.pid_max back to " + number + ": " + e.getMessage(), e);
    }
  }

  private static void write(int number) throws IOException {
    Files.writeString(FILE, Integer.toString(number));
  }
}
