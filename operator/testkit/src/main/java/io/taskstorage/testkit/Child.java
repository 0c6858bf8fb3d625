package io.taskstorage.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A running program whose output is collected. {@link #close} ends it by SIGKILL if it still runs.
 *
 * <p>Any thread may call.
 */
public final class Child implements AutoCloseable {
  /** The signals that tests send. */
  public enum Signal {
    /** What a terminal sends for Ctrl-C. */
    INT,
    /** The polite request to end. */
    TERM,
    /** The end at once. */
    KILL,
    /** Suspends the process. */
    STOP,
    /** Lets a suspended process go on. */
    CONT
  }

  private final List<String> command;
  private final Process process;
  private final Output stdout;
  private final Output stderr;

  Child(List<String> command, Process process, String input) {
    this.command = command;
    this.process = process;
    this.stdout = new Output(process.inputReader(StandardCharsets.UTF_8));
    this.stderr = new Output(process.errorReader(StandardCharsets.UTF_8));
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended, or closed its input, without reading all of it: its exit code tells the rest.
    }
  }

  /** Its process id. */
  public int pid() {
    return Math.toIntExact(process.pid());
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it has written to standard output so far. */
  public String stdout() {
    return stdout.text();
  }

  /** What it has written to standard error so far. */
  public String stderr() {
    return stderr.text();
  }

  /** Waits until standard output has a line in which {@code regex} is found. Returns the match. */
  public Matcher awaitLine(String regex) {
    return await(stdout, regex);
  }

  /** Waits until standard error has such a line. */
  public Matcher awaitErrorLine(String regex) {
    return await(stderr, regex);
  }

  /** Sends a signal by kill(1). */
  public void signal(Signal signal) {
    Command.of("kill", "-" + signal, Long.toString(process.pid())).run().stdoutIfDone();
  }

  /** Waits for its end. */
  public Outcome awaitExit() {
    return awaitExit(Limits.GENEROUS);
  }

  /** Waits for its end, at most {@code limit}: then it is killed and this fails. */
  public Outcome awaitExit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(told(() -> "still runs after " + limit));
      }
      stdout.awaitEnd();
      stderr.awaitEnd();
      return new Outcome(command, process.exitValue(), stdout.text(), stderr.text());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command + " ran", e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroyForcibly();
    }
    awaitExit();
  }

  private Matcher await(Output output, String regex) {
    try {
      return output.await(
          Pattern.compile(regex),
          problem -> new AssertionError(told(() -> problem + ": /" + regex + "/")));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command + " ran", e);
    }
  }

  private String told(Supplier<String> what) {
    return "%s: %s\n--- standard output\n%s--- standard error\n%s"
        .formatted(String.join(" ", command), what.get(), stdout.text(), stderr.text());
  }
}
