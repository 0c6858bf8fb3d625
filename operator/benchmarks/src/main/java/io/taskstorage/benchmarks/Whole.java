package io.taskstorage.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whole processes: from the call of the launcher to its end, or to the line that says ready. */
final class Whole {
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final int ROUNDS = 9;

  private Whole() {}

  /** What a started agent took. */
  record Agent(double readyMilliseconds, double rssMegabytes) {}

  /** {@code taskstorage entries}, against a C program that lists the same entries; milliseconds. */
  static Pairs entries(Ground ground, Path launcher) {
    writeManifests(ground);
    Path bpffs = ground.bpffs();
    List<String> java =
        List.of(launcher.toString(), "entries", "bench", "--bpffs", bpffs.toString(), "-o", "json");
    List<String> c =
        List.of(
            ground.program("list_entries").toString(),
            bpffs.resolve("taskstorage/bench").toString(),
            Integer.toString(Subject.layout().sizeBytes()));
    try (Contestant _ = ground.crowd(Comparisons.TASKS)) {
      Process agent = start(run(ground, launcher));
      try {
        awaitReady(agent);
        Pairs pairs = new Pairs();
        for (int i = 0; i <= ROUNDS; i++) {
          double ofJava = milliseconds(java);
          double ofC = milliseconds(c);
          if (i > 0) {
            pairs.add(ofJava, ofC);
          }
        }
        return pairs;
      } finally {
        end(agent);
      }
    }
  }

  /** Start to ready, and resident memory after some passes; the median of several starts. */
  static Agent agent(Ground ground, Path launcher) {
    writeManifests(ground);
    List<Double> ready = new java.util.ArrayList<>();
    List<Double> rss = new java.util.ArrayList<>();
    for (int i = 0; i <= ROUNDS; i++) {
      long begin = System.nanoTime();
      Process agent = start(run(ground, launcher));
      awaitReady(agent);
      double milliseconds = (System.nanoTime() - begin) / 1e6;
      double megabytes = settledRss(agent.pid());
      end(agent);
      if (i > 0) {
        ready.add(milliseconds);
        rss.add(megabytes);
      }
    }
    return new Agent(Pairs.median(ready), Pairs.median(rss));
  }

  private static List<String> run(Ground ground, Path launcher) {
    return List.of(
        launcher.toString(),
        "run",
        ground.folder().resolve("manifests").toString(),
        "--bpffs",
        ground.bpffs().toString(),
        "--cgroup-root",
        ground.cgroupRoot().toString());
  }

  private static void writeManifests(Ground ground) {
    String path = "/" + ground.cgroupRoot().relativize(ground.cgroup());
    String manifests =
        """
        apiVersion: taskstorage.io/v1alpha1
        kind: TaskStorageMap
        metadata: {name: bench}
        spec:
          bpfName: bench
          value:
            typeName: bench
            fields:
            - {name: tenant, type: U64}
            - {name: app, type: Char, length: 32}
        ---
        apiVersion: taskstorage.io/v1alpha1
        kind: ClusterTaskStoragePolicy
        metadata: {name: bench}
        spec:
          targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: bench}]
          tier: Admin
          priority: 100
          subject: {hostProcesses: {cgroupPaths: ["%s"]}}
          values:
          - {field: tenant, value: "7"}
          - {field: app, value: bench}
        """
            .formatted(path);
    try {
      Path folder = Files.createDirectories(ground.folder().resolve("manifests"));
      Files.writeString(folder.resolve("bench.yaml"), manifests);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process start(List<String> command) {
    try {
      return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException("start " + command + ": " + e.getMessage(), e);
    }
  }

  private static void awaitReady(Process agent) {
    try {
      BufferedReader output = agent.inputReader(StandardCharsets.UTF_8);
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith("ready")) {
          return;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("read the agent: " + e.getMessage(), e);
    }
    throw new IllegalStateException("the agent ended before it was ready");
  }

  private static double milliseconds(List<String> command) {
    try {
      long begin = System.nanoTime();
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectOutput(new File("/dev/null")).redirectError(ProcessBuilder.Redirect.INHERIT);
      int exit = builder.start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException(command + ": exit code " + exit);
      }
      return (System.nanoTime() - begin) / 1e6;
    } catch (IOException e) {
      throw new UncheckedIOException("start " + command + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(command + ": interrupted", e);
    }
  }

  /** Megabytes after three seconds: some passes of the default interval have been made. */
  private static double settledRss(long pid) {
    try {
      Thread.sleep(3000);
      Matcher matcher = RSS.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
      if (!matcher.find()) {
        throw new IllegalStateException("process " + pid + ": no VmRSS in its status");
      }
      return Long.parseLong(matcher.group(1)) / 1024.0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("measuring was interrupted", e);
    }
  }

  private static void end(Process agent) {
    agent.destroy();
    try {
      agent.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
