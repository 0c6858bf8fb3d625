package io.taskstorage.e2e.kernels;

import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What emulates the machines.
 *
 * @param program of QEMU that {@code emulator} names
 * @param note what it said beside; empty most of the time
 */
record Emulator(Path program, String note) {
  private static final Duration LIMIT = Duration.ofMinutes(20);

  /** The installed one, or another one that is downloaded if need be. */
  static Emulator find(Path module) {
    Outcome outcome = Command.of(module.resolve("emulator").toString()).start().awaitExit(LIMIT);
    return new Emulator(Path.of(outcome.stdoutIfDone().strip()), outcome.stderr().strip());
  }
}
