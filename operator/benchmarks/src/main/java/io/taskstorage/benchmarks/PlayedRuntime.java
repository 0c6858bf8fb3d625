package io.taskstorage.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code e2e/nri} as a process: the code by which containerd and CRI-O speak to plugins, without
 * any containers. It ends with {@link #close}. For one thread.
 */
final class PlayedRuntime implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;
  private final Writer commands;

  private PlayedRuntime(Process process, Path pipe) throws IOException {
    this.process = process;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
    await("listening");
    this.commands = Files.newBufferedWriter(pipe);
  }

  /** Listens on a socket, in whose folder it puts a pipe. */
  static PlayedRuntime listen(Path root, Path socket) {
    Path pipe = socket.resolveSibling("commands");
    try {
      if (new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor() != 0) {
        throw new IllegalStateException("mkfifo " + pipe + ": failed");
      }
      List<String> command =
          List.of(
              root.resolve("e2e/nri/nri").toString(), "--socket=" + socket, "--commands=" + pipe);
      return new PlayedRuntime(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start(), pipe);
    } catch (IOException e) {
      throw new UncheckedIOException("play a container runtime: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("measuring was interrupted", e);
    }
  }

  /** Until a plugin was told of all that is there. */
  void awaitPlugin() {
    await("synchronized ");
  }

  /**
   * Tells that something happens to a container.
   *
   * @param verb {@code create}, {@code start} or {@code remove}
   * @return how long the runtime waited for its plugins, in nanoseconds; it says whole microseconds
   */
  double tell(String verb, String pod, String name, String id) {
    try {
      commands.write("%s %s %s %s\n".formatted(verb, pod, name, id));
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("tell of a container: " + e.getMessage(), e);
    }
    String answer = await(verb + " " + id + " ");
    return 1000.0 * Long.parseLong(answer.substring(answer.lastIndexOf(' ') + 1));
  }

  private String await(String begin) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("failed")) {
          throw new IllegalStateException("the runtime that is played: " + line);
        }
        if (line.startsWith(begin)) {
          return line;
        }
      }
      throw new IllegalStateException("the runtime that is played ended before \"" + begin + "\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Contestant.end(process, commands);
  }
}
