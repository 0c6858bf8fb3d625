package io.taskstorage.cli;

import io.taskstorage.testkit.GoldenCase;
import io.taskstorage.testkit.GoldenCases;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What a user reads: {@code command.txt} has the commands, one a line, run where a folder {@code
 * in/} is; {@code out.txt} what each of them printed, and its exit code.
 */
class CommandOutputTest {

  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenCases.of(getClass()).tests(this::run);
  }

  private void run(GoldenCase given) {
    // Given
    String in = given.path("in").toString();
    StringBuilder told = new StringBuilder();

    for (String command : given.text("command.txt").lines().toList()) {
      // When
      String[] words =
          Arrays.stream(command.split(" +"))
              .map(
                  word ->
                      word.equals("in") || word.startsWith("in/") ? in + word.substring(2) : word)
              .toArray(String[]::new);
      CliRun run = CliRun.of(words);

      told.append("$ taskstorage ").append(command).append('\n');
      told.append(run.out().replace(in, "in"));
      run.err().lines().forEach(line -> told.append("! ").append(line).append('\n'));
      told.append("exit code ").append(run.exitCode()).append("\n\n");
    }

    // Then
    given.expect("out.txt", told.toString().replace(in, "in").stripTrailing() + "\n");
  }
}
