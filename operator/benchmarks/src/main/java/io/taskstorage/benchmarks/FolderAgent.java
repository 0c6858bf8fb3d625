package io.taskstorage.benchmarks;

import io.taskstorage.taskstore.Plane;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code taskstorage run} on a folder of manifests, as a process of its own. */
final class FolderAgent implements AutoCloseable {
  private final Process process;
  private final long readyNanos;

  private FolderAgent(Process process, long readyNanos) {
    this.process = process;
    this.readyNanos = readyNanos;
  }

  /** Starts one with the launcher; comes back when it says that it is ready. */
  static FolderAgent start(Ground ground, Path launcher, Path manifests, Plane plane) {
    List<String> command =
        List.of(
            launcher.toString(),
            "run",
            manifests.toString(),
            option(plane),
            "--bpffs=" + ground.bpffs(),
            "--cgroup-root=" + ground.cgroupRoot());
    try {
      long began = System.nanoTime();
      Process agent =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader output = agent.inputReader(StandardCharsets.UTF_8);
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith("ready")) {
          final long taken = System.nanoTime() - began;
          Thread.ofPlatform().daemon().name("agent's lines").start(() -> readOn(output));
          return new FolderAgent(agent, taken);
        }
      }
      throw new IllegalStateException("the agent ended before it was ready");
    } catch (IOException e) {
      throw new UncheckedIOException("start " + command + ": " + e.getMessage(), e);
    }
  }

  /** The agent must never wait for a reader: what it says is taken at once, as long as it lives. */
  private static void readOn(BufferedReader output) {
    try {
      String line;
      do {
        line = output.readLine();
      } while (line != null);
    } catch (IOException e) {
      // Its end.
    }
  }

  /** By which a plane is asked for, and nothing else is taken in its place. */
  static String option(Plane plane) {
    return "--plane=" + plane.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** From the call of the launcher to the line that says ready. */
  long readyNanos() {
    return readyNanos;
  }

  ProcessUse use() {
    return new ProcessUse(process);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
