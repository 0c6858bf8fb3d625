package io.taskstorage.layout;

import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.CommandMissing;
import java.io.IOException;
import java.nio.file.Path;

/** The parts of a gcc for some machine, such as {@code aarch64-linux-gnu}. */
final class Compiler {

  private Compiler() {}

  /** The compiler proper: it parses C, and needs neither libraries nor binutils. */
  static Path proper(String machine) throws IOException {
    return Path.of(preprocess(machine, "", "-print-prog-name=cc1").strip()).toRealPath();
  }

  /** What the preprocessor prints. */
  static String preprocess(String machine, String source, String... options) {
    try {
      return Command.of(machine + "-cpp").arguments(options).input(source).run().stdoutIfDone();
    } catch (CommandMissing e) {
      throw new AssertionError(
          "preprocess for " + machine + ": gcc for it is not installed: run tools/test-packages",
          e);
    }
  }
}
