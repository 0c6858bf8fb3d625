package io.taskstorage.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whole processes: from the call of the launcher to its end, or to the line that says ready. */
final class Whole {
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final int ROUNDS = 9;
  private static final String LITERAL = "value: bench";
  private static final String EXPRESSION =
      "valueFrom: {cel: {expression: \"process.cgroupPath.substring(1, 12)\"}}";

  private Whole() {}

  /** {@code taskstorage entries}, against a C program that lists the same entries. */
  static Map<String, Pairs> entries(Ground ground, Path launcher) {
    writeManifests(ground, LITERAL);
    Path bpffs = ground.bpffs();
    String command = ground.program("command").toString();
    List<String> java =
        List.of(
            command,
            launcher.toString(),
            "entries",
            "bench",
            "--bpffs",
            bpffs.toString(),
            "-o",
            "json");
    List<String> c =
        List.of(
            command,
            ground.program("list_entries").toString(),
            bpffs.resolve("taskstorage/bench").toString(),
            Integer.toString(Subject.layout().sizeBytes()));
    try (Contestant _ = ground.crowd(Comparisons.TASKS)) {
      Process agent = start(run(ground, launcher));
      try {
        awaitReady(agent);
        try (Contestant ofJava = Contestant.start("taskstorage entries", java);
            Contestant ofC = Contestant.start("list_entries", c)) {
          return Contestant.inTurn(ofJava, ofC, ROUNDS);
        }
      } finally {
        end(agent);
      }
    }
  }

  /**
   * An agent on whose node a policy computes a value by an expression, against one where none does:
   * from its start to "ready", the processor time until then, and resident memory after some
   * passes.
   */
  static Map<String, Pairs> agent(Ground ground, Path launcher) {
    Map<String, Pairs> pairs = new LinkedHashMap<>();
    for (int i = 0; i <= ROUNDS; i++) {
      // The first run of all makes the archive of classes: that of a node without expressions.
      Map<String, Double> without = started(ground, launcher, LITERAL);
      Map<String, Double> with = started(ground, launcher, EXPRESSION);
      if (i > 0) {
        with.forEach(
            (figure, value) ->
                pairs
                    .computeIfAbsent(figure, _ -> new Pairs())
                    .add(value, Objects.requireNonNull(without.get(figure), figure)));
      }
    }
    return pairs;
  }

  private static Map<String, Double> started(Ground ground, Path launcher, String value) {
    writeManifests(ground, value);
    long begin = System.nanoTime();
    Process agent = start(run(ground, launcher));
    awaitReady(agent);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("start to ready", (double) System.nanoTime() - begin);
    figures.put(
        "CPU time until then", (double) agent.info().totalCpuDuration().orElseThrow().toNanos());
    figures.put("memory", settledRss(agent.pid()));
    end(agent);
    return figures;
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

  private static void writeManifests(Ground ground, String value) {
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
          - {field: app, %s}
        """
            .formatted(path, value);
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

  /** Bytes after three seconds: some passes of the default interval have been made. */
  private static double settledRss(long pid) {
    try {
      Thread.sleep(3000);
      Matcher matcher = RSS.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
      if (!matcher.find()) {
        throw new IllegalStateException("process " + pid + ": no VmRSS in its status");
      }
      return Long.parseLong(matcher.group(1)) * 1024.0;
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
