package io.taskstorage.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Numbers that the kernel is tuned by, below {@code /proc/sys/kernel}. */
final class Sysctl {
  /** The largest number that a task may have, plus one. */
  static final String PID_MAX = "pid_max";

  static final String THREADS_MAX = "threads-max";

  private Sysctl() {}

  static int read(String name) {
    // In one read: from the second on such a file has ended, and Files.readString begins with one
    // byte.
    try (BufferedReader file = Files.newBufferedReader(path(name))) {
      return Integer.parseInt(file.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException("read " + path(name) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Sets one.
   *
   * @throws IOException where it may not be set, as in a container
   */
  static void write(String name, int number) throws IOException {
    Files.writeString(path(name), Integer.toString(number));
  }

  private static Path path(String name) {
    return Path.of("/proc/sys/kernel", name);
  }
}
