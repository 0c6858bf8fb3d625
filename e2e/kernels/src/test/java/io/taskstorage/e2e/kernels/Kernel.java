package io.taskstorage.e2e.kernels;

import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A kernel that can be booted.
 *
 * @param folder that {@code fetch} made
 * @param note what it said beside; empty most of the time
 */
record Kernel(Path folder, String note) {
  private static final Duration LIMIT = Duration.ofMinutes(20);

  /**
   * The recorded kernel of a series, downloaded if need be.
   *
   * @param newest whether to take the newest that the mirror has instead
   */
  static Kernel fetch(Path module, String series, boolean newest) {
    Command fetch = Command.of(module.resolve("fetch").toString(), series);
    if (newest) {
      fetch.arguments("--newest");
    }
    Outcome outcome = fetch.start().awaitExit(LIMIT);
    return new Kernel(Path.of(outcome.stdoutIfDone().strip()), outcome.stderr().strip());
  }

  Path image() {
    return folder.resolve("vmlinuz");
  }

  Path initramfs() {
    return folder.resolve("initramfs");
  }

  /** What {@code uname -r} says in it. */
  String release() {
    try {
      return Files.readString(folder.resolve("release")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("read release of " + folder + ": " + e.getMessage(), e);
    }
  }
}
