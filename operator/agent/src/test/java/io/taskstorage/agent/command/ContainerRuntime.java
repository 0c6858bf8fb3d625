package io.taskstorage.agent.command;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code e2e/nri}: the code by which container runtimes speak to plugins, without any containers.
 * What a test says happens to containers, it tells.
 */
final class ContainerRuntime implements AutoCloseable {
  /** What compiling everything may take at most, on a machine with much else to do. */
  private static final Duration COLD_BUILD = Duration.ofMinutes(30);

  private final Child program;
  private final Writer commands;

  private ContainerRuntime(Child program, Writer commands) {
    this.program = program;
    this.commands = commands;
  }

  /** Listens, in place of one that has ended. */
  static ContainerRuntime listen(Path socket, String... options) {
    Path pipe = socket.resolveSibling("commands");
    try {
      Files.deleteIfExists(pipe);
      Command.of("mkfifo", pipe.toString()).run().stdoutIfDone();
      Child program =
          Command.of(Built.PATH, "--socket=" + socket, "--commands=" + pipe)
              .arguments(options)
              .start();
      program.awaitLine("listening");
      return new ContainerRuntime(program, Files.newBufferedWriter(pipe));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Until a plugin was told of so many pods, each with a container. */
  void awaitSynchronized(int pods) {
    program.awaitLine("synchronized " + pods + " ");
  }

  /** A container will be made. */
  void create(String pod, String name, String id) {
    happens("create", pod, name, id);
  }

  /** A container's first process waits for this to return. */
  void start(String pod, String name, String id) {
    happens("start", pod, name, id);
  }

  /** A container is gone. */
  void remove(String pod, String name, String id) {
    happens("remove", pod, name, id);
  }

  private void happens(String verb, String pod, String name, String id) {
    try {
      commands.write("%s %s %s %s\n".formatted(verb, pod, name, id));
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String line = program.awaitLine("(?m)^(failed )?%s %s\\b.*$".formatted(verb, id)).group();
    if (line.startsWith("failed")) {
      throw new AssertionError(line);
    }
  }

  /** What it says of the connections that it had. */
  String log() {
    return program.stderr();
  }

  @Override
  public void close() {
    try (program) {
      // It takes its socket away, and ends.
      commands.close();
      program.awaitExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Built once, which may take long where nothing is cached. */
  private static final class Built {
    static final String PATH = build();

    private static String build() {
      Path root = Path.of(System.getProperty("root.dir", "../..")).toAbsolutePath().normalize();
      Command build =
          Command.of(
              root.resolve("tools/go-program").toString(),
              root.resolve("e2e/nri").toString(),
              ".",
              "-tags",
              "nri_no_wasm");
      try (Child child = build.start()) {
        return child.awaitExit(COLD_BUILD).stdoutIfDone().strip();
      }
    }
  }
}
