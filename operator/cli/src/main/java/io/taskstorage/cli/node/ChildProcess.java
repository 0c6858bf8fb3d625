package io.taskstorage.cli.node;

import io.taskstorage.console.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs a program whose output becomes ours. */
final class ChildProcess {
  private ChildProcess() {}

  /** Runs it to its end and returns its exit code; it reads nothing. */
  static int run(
      List<String> words, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new CommandFailure(
          "run %s: cannot be started: install it, or name another way by --via"
              .formatted(words.getFirst()),
          e);
    }
    try {
      Thread errors =
          Thread.ofVirtual().start(() -> copy(process.errorReader(StandardCharsets.UTF_8), err));
      copy(process.inputReader(StandardCharsets.UTF_8), out);
      errors.join();
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("run %s: interrupted".formatted(words.getFirst()), e);
    } finally {
      process.destroy();
    }
  }

  private static void copy(Reader from, PrintWriter to) {
    try (from) {
      from.transferTo(to);
      to.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("read what a command prints", e);
    }
  }
}
