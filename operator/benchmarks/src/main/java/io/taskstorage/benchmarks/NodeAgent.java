package io.taskstorage.benchmarks;

import io.taskstorage.taskstore.Plane;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The agent of a cluster's node as a process, with what can be seen of it from outside. */
final class NodeAgent implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("msg=listening.* address=(\\S+)");
  private static final Pattern READY = Pattern.compile("msg=ready");

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final CompletableFuture<String> listening = new CompletableFuture<>();
  private final CompletableFuture<Long> ready = new CompletableFuture<>();
  private final String address;
  private final long readyNanos;

  private NodeAgent(Process process, long began) {
    this.process = process;
    Thread.ofPlatform().name("agent's lines").daemon().start(this::read);
    this.address = listening.join();
    this.readyNanos = ready.join() - began;
  }

  /** Starts one with the launcher and more options; comes back when it says that it is ready. */
  static NodeAgent start(
      Path launcher,
      Ground ground,
      Path kubeconfig,
      Path stateDir,
      Plane plane,
      String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                launcher.toString(),
                "agent",
                "--node-name=" + ClusterSide.NODE,
                FolderAgent.option(plane),
                "--kubeconfig=" + kubeconfig,
                "--bpffs=" + ground.bpffs(),
                "--cgroup-root=" + ground.cgroup(),
                "--state-dir=" + stateDir,
                "--listen=127.0.0.1:0",
                "--debug-listen=127.0.0.1:0"));
    command.addAll(List.of(options));
    try {
      long began = System.nanoTime();
      return new NodeAgent(
          new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start(),
          began);
    } catch (IOException e) {
      throw new UncheckedIOException("start " + command + ": " + e.getMessage(), e);
    }
  }

  /** The agent must never wait for a reader: what it says is taken at once, as long as it lives. */
  private void read() {
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher address = ADDRESS.matcher(line);
        if (address.find()) {
          listening.complete(address.group(1));
        }
        if (READY.matcher(line).find()) {
          ready.complete(System.nanoTime());
        }
      }
    } catch (IOException e) {
      // Its end, told below.
    }
    IllegalStateException ended = new IllegalStateException("the agent ended before it was ready");
    listening.completeExceptionally(ended);
    ready.completeExceptionally(ended);
  }

  /** From the call of the launcher to the line that says ready. */
  long readyNanos() {
    return readyNanos;
  }

  ProcessUse use() {
    return new ProcessUse(process);
  }

  /** The sum of a metric over the series whose line begins so. */
  double metric(String begin) {
    try {
      String page =
          client
              .send(
                  HttpRequest.newBuilder(URI.create("http://" + address + "/metrics")).build(),
                  BodyHandlers.ofString())
              .body();
      return page.lines()
          .filter(line -> line.startsWith(begin))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("measuring was interrupted", e);
    }
  }

  /** Waits until a metric has come to a value; asks every few milliseconds. */
  void await(String begin, double atLeast, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (metric(begin) < atLeast) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(begin + ": not " + atLeast + " within " + limit);
      }
      rest(Duration.ofMillis(5));
    }
  }

  static void rest(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("measuring was interrupted", e);
    }
  }

  @Override
  public void close() {
    client.close();
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
