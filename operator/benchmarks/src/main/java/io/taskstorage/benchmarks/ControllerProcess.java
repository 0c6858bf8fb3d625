package io.taskstorage.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The controller as its users run it, and what the kernel says it takes. */
final class ControllerProcess implements AutoCloseable {
  static final String NAMESPACE = "taskstorage-system";

  private static final Pattern LISTENING =
      Pattern.compile("msg=listening.*?\\b(127\\.0\\.0\\.1:\\d+)");
  private static final long TICKS_PER_SECOND = 100;

  private final Process process;
  private final Path log;

  private ControllerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static ControllerProcess start(Path launcher, Path kubeconfig) {
    try {
      Path log = Files.createTempFile("taskstorage-bench-controller-", ".log");
      Process process =
          new ProcessBuilder(
                  List.of(
                      launcher.toString(),
                      "controller",
                      "--kubeconfig",
                      kubeconfig.toString(),
                      "--leader-elect",
                      "false",
                      "--listen",
                      "127.0.0.1:0",
                      "--debug-listen",
                      "127.0.0.1:0"))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(log.toFile())
              .start();
      return new ControllerProcess(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException("start controller: " + e.getMessage(), e);
    }
  }

  /** Resident memory, in bytes: now, or the most so far. */
  double resident(boolean most) {
    Matcher line =
        Pattern.compile((most ? "VmHWM" : "VmRSS") + ":\\s+(\\d+) kB").matcher(proc("status"));
    if (!line.find()) {
      throw new IllegalStateException("read memory of the controller: it has ended: see " + log);
    }
    return Long.parseLong(line.group(1)) * 1024.0;
  }

  /** Processor time so far, in nanoseconds. */
  double cpu() {
    String stat = proc("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * (1e9 / TICKS_PER_SECOND);
  }

  private String proc(String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
    } catch (IOException e) {
      throw new UncheckedIOException("the controller has ended: see " + log, e);
    }
  }

  /** What it serves to Prometheus. */
  String metrics() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      Matcher listening = LISTENING.matcher(Files.readString(log));
      if (!listening.find()) {
        throw new IllegalStateException("read metrics: the controller does not listen: see " + log);
      }
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://" + listening.group(1) + "/metrics"))
                  .build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException("read metrics: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(log);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
