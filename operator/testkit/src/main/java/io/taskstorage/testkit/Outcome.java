package io.taskstorage.testkit;

import java.util.List;

/**
 * How a program ended.
 *
 * @param command what was run
 * @param exitCode 0..255; 128 + signal where a signal ended it
 * @param stdout all of its standard output, UTF-8
 * @param stderr all of its standard error, UTF-8
 */
public record Outcome(List<String> command, int exitCode, String stdout, String stderr) {
  /** Keeps a copy of the command. */
  public Outcome {
    command = List.copyOf(command);
  }

  /** The standard output, if the program succeeded; else fails with everything it said. */
  public String stdoutIfDone() {
    if (exitCode != 0) {
      throw new AssertionError(
          "%s: exit code %d\n%s%s".formatted(String.join(" ", command), exitCode, stdout, stderr));
    }
    return stdout;
  }
}
