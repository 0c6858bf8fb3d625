package io.taskstorage.benchmarks;

import io.taskstorage.taskstore.Plane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whole processes: from the call of the launcher to its end, or to the line that says ready. */
final class Whole {
  private static final int ROUNDS = 9;
  private static final int IDLE_ROUNDS = 3;

  /** As a node with a hundred pods has them. */
  private static final int IDLE_TASKS = 1_000;

  /** After it the first passes have been made, and the compilers of the JVM have nothing to do. */
  private static final Duration SETTLED = Duration.ofSeconds(3);

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
    try (Contestant _ = ground.crowd(Comparisons.TASKS);
        FolderAgent _ = start(ground, launcher, Plane.IN_KERNEL);
        Contestant ofJava = Contestant.start("taskstorage entries", java);
        Contestant ofC = Contestant.start("list_entries", c)) {
      return Contestant.inTurn(ofJava, ofC, ROUNDS);
    }
  }

  /**
   * An agent on the plane InKernel on whose node a policy computes a value by an expression,
   * against one where none does: from its start to "ready", the processor time until then, and
   * resident memory after some passes.
   */
  static Map<String, Pairs> agent(Ground ground, Path launcher) {
    Map<String, Pairs> pairs = new LinkedHashMap<>();
    for (int i = 0; i <= ROUNDS; i++) {
      // The first run of all makes the archive of classes: that of a node without expressions.
      Map<String, Double> without = started(ground, launcher, LITERAL);
      Map<String, Double> with = started(ground, launcher, EXPRESSION);
      if (i > 0) {
        Pairs.add(pairs, with, without);
      }
    }
    return pairs;
  }

  private static Map<String, Double> started(Ground ground, Path launcher, String value) {
    writeManifests(ground, value);
    Map<String, Double> figures = new LinkedHashMap<>();
    try (FolderAgent agent = start(ground, launcher, Plane.IN_KERNEL)) {
      figures.put("start to ready", (double) agent.readyNanos());
      figures.put("CPU time until then", (double) agent.use().cpuNanos());
      NodeAgent.rest(SETTLED);
      figures.put("memory", agent.use().rss());
    }
    return figures;
  }

  /** What a minute costs in which nothing happens, on the plane InKernel against Rescan. */
  static Map<String, Pairs> idle(Ground ground, Path launcher) {
    writeManifests(ground, LITERAL);
    Map<String, Pairs> pairs = new LinkedHashMap<>();
    try (Contestant _ = ground.crowd(IDLE_TASKS)) {
      for (int i = 0; i < IDLE_ROUNDS; i++) {
        Map<String, Double> inKernel = idled(ground, launcher, Plane.IN_KERNEL);
        Map<String, Double> rescan = idled(ground, launcher, Plane.RESCAN);
        Pairs.add(pairs, inKernel, rescan);
      }
    }
    return pairs;
  }

  private static Map<String, Double> idled(Ground ground, Path launcher, Plane plane) {
    try (FolderAgent agent = start(ground, launcher, plane)) {
      NodeAgent.rest(SETTLED);
      ProcessUse use = agent.use();
      final long cpu = use.cpuNanos();
      final long wakeups = use.wakeups();
      NodeAgent.rest(Duration.ofMinutes(1));
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("CPU time of a minute", (double) use.cpuNanos() - cpu);
      figures.put("wakeups of a minute", (double) use.wakeups() - wakeups);
      figures.put("memory", use.rss());
      return figures;
    }
  }

  private static FolderAgent start(Ground ground, Path launcher, Plane plane) {
    return FolderAgent.start(ground, launcher, ground.folder().resolve("manifests"), plane);
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
}
