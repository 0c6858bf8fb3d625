package io.taskstorage.cli.node;

import io.taskstorage.console.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Runs a program whose output becomes ours. */
final class ChildProcess {
  /** For how long the way to a node may be silent; a node's answer is there within seconds. */
  private static final Duration SILENCE = Duration.ofMinutes(2);

  private static final int BUFFER_CHARS = 8192;

  private final Process process;
  private final AtomicLong heardNanos = new AtomicLong(System.nanoTime());

  /** Outputs whose reader, as a pager, has not taken yet what was said. */
  private final AtomicInteger untaken = new AtomicInteger();

  private ChildProcess(Process process) {
    this.process = process;
  }

  /** Runs it to its end and returns its exit code; it reads nothing. */
  static int run(
      List<String> words, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    return run(words, environment, out, err, SILENCE);
  }

  /**
   * Runs it to its end, or ends it with all that it has begun where it says nothing for too long:
   * the peer of a connection that was lost is not heard of again.
   */
  static int run(
      List<String> words,
      Map<String, String> environment,
      PrintWriter out,
      PrintWriter err,
      Duration silence) {
    String program = words.getFirst();
    ChildProcess child = new ChildProcess(start(words, environment));
    try {
      return child.await(program, out, err, silence);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("run %s: interrupted".formatted(program), e);
    } finally {
      child.end();
    }
  }

  private static Process start(List<String> words, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new CommandFailure(
          "run %s: cannot be started: install it, or name another way by --via"
              .formatted(words.getFirst()),
          e);
    }
  }

  private int await(String program, PrintWriter out, PrintWriter err, Duration silence)
      throws InterruptedException {
    Thread errors =
        Thread.ofVirtual().start(() -> copy(process.errorReader(StandardCharsets.UTF_8), err));
    Thread output =
        Thread.ofVirtual().start(() -> copy(process.inputReader(StandardCharsets.UTF_8), out));
    long left = silence.toNanos();
    while (!process.waitFor(left, TimeUnit.NANOSECONDS)) {
      left = silence.toNanos() - (System.nanoTime() - heardNanos.get());
      if (untaken.get() > 0) {
        // It is not the peer who is silent.
        left = silence.toNanos();
      } else if (left <= 0) {
        throw new CommandFailure(
            "run %s: said nothing for %d s: see whether the node can be reached, then try again"
                .formatted(program, silence.toSeconds()));
      }
    }
    output.join();
    errors.join();
    return process.exitValue();
  }

  private void end() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroy();
  }

  private void copy(Reader from, PrintWriter to) {
    try (from) {
      char[] buffer = new char[BUFFER_CHARS];
      for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
        untaken.incrementAndGet();
        to.write(buffer, 0, read);
        to.flush();
        heardNanos.set(System.nanoTime());
        untaken.decrementAndGet();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("read what a command prints", e);
    }
  }
}
