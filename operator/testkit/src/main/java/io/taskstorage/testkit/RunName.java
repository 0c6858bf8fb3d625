package io.taskstorage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The name of this run: {@code taskstorage-test-<pid of this JVM>-}. Cgroups, folders and mount
 * points of the tests begin with it, so that runs beside each other tell their own from the
 * others'.
 */
public final class RunName {
  /** What every test run's names begin with, whichever JVM made them. */
  public static final String ANY_RUN = "taskstorage-test-";

  /** What the names of this JVM begin with. */
  public static final String PREFIX = ANY_RUN + ProcessHandle.current().pid() + "-";

  /** What the cgroups of this JVM's clusters are called, as a pattern of the file system. */
  static final String CLUSTER_CGROUPS =
      "taskstorage-cluster-test-*-" + ProcessHandle.current().pid() + "-*";

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private RunName() {}

  /** A name that nobody else has: the prefix and a number. */
  public static String next() {
    return PREFIX + NUMBER.incrementAndGet();
  }

  /** A new empty folder of such a name in the system's folder for temporary files. */
  public static Path newFolder() {
    try {
      return Files.createDirectory(Path.of(System.getProperty("java.io.tmpdir"), next()));
    } catch (IOException e) {
      throw new UncheckedIOException("make temporary folder: " + e.getMessage(), e);
    }
  }
}
