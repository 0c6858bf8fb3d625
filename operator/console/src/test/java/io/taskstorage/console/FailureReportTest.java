package io.taskstorage.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What ends a command early, and what is printed of it. */
class FailureReportTest {
  @Command(name = "fails")
  private record Failing(RuntimeException failure) implements Runnable {
    @Override
    public void run() {
      throw failure;
    }
  }

  private record Ended(int exitCode, String out, String err) {}

  @Test
  void anUnexpectedFailureIsOneLineThatSaysHowToLearnMore() {
    // When
    Ended run = run(false, new IllegalStateException("the roof is on fire"));

    // Then
    assertThat(run)
        .isEqualTo(
            new Ended(
                1,
                "",
                "fails: unexpected java.lang.IllegalStateException: the roof is on fire: run it"
                    + " again with TASKSTORAGE_DEBUG=1 and report what it prints\n"));
  }

  @Test
  void withDebugWhereItCameFromFollows() {
    // When
    Ended run = run(true, new IllegalStateException("the roof is on fire"));

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith(
            "fails: unexpected java.lang.IllegalStateException: the roof is on fire: report it with"
                + " what follows\njava.lang.IllegalStateException: the roof is on fire\n\tat ")
        .contains("FailureReportTest.java:");
  }

  @Test
  void aKnownFailureIsItsMessageAlone() {
    // When
    Ended run = run(false, new CommandFailure("open x: not there: create it"));

    // Then
    assertThat(run).isEqualTo(new Ended(1, "", "open x: not there: create it\n"));
  }

  @Test
  void aFailureWhoseMessageIsMeantForTheUserIsItsMessageAlone() {
    // When
    Ended run = run(false, new ArithmeticException("divide x: by zero: give another number"));

    // Then
    assertThat(run).isEqualTo(new Ended(1, "", "divide x: by zero: give another number\n"));
  }

  private static Ended run(boolean debug, RuntimeException failure) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        new CommandLine(new Failing(failure))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setExecutionExceptionHandler(
                new FailureReport(() -> debug, Set.of(ArithmeticException.class)))
            .execute();
    return new Ended(exitCode, out.toString(), err.toString());
  }
}
