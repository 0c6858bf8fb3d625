package io.taskstorage.benchmarks;

import io.taskstorage.taskstore.Plane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The agent of a cluster's node with 110 pods, 16 maps and 200 policies, against one on whose
 * server there is nothing of ours and no pod. Each has a real API server; both run on this machine.
 */
final class NodeFigures {
  private static final int ROUNDS = 3;
  private static final int CHANGES = 100;
  private static final int PODS = 110;
  private static final int PODS_ELSEWHERE = 1_000;

  /** After it the first turns have been taken, and the compilers of the JVM have little to do. */
  private static final Duration SETTLED = Duration.ofSeconds(5);

  /** A little more than from one pass over the tasks to the next, so that there is one in it. */
  private static final Duration IDLE = Duration.ofSeconds(61);

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final SampleCluster SAMPLE =
      new SampleCluster(PODS + PODS_ELSEWHERE, 200, 16, SampleCluster.Source.MIXED);
  private static final SampleCluster ONE_MAP =
      new SampleCluster(PODS, 1, 1, SampleCluster.Source.LITERAL);
  private static final String EVENTS = "taskstorage_api_events_total{resource=\"pods\"";
  private static final String UPDATED = "taskstorage_entries_written_total{cause=\"updated\"";

  private NodeFigures() {}

  /** Ready time, memory and what it takes while nothing happens. */
  static Map<String, Pairs> agent(Ground ground, Path launcher) {
    Path root = Objects.requireNonNull(launcher.getParent());
    try (ClusterSide full = ClusterSide.start(root, "full");
        ClusterSide empty = ClusterSide.start(root, "empty")) {
      full.apply(
          String.join("---\n", SAMPLE.namespacesYaml(), SAMPLE.mapsYaml(), SAMPLE.policiesYaml(0)));
      cgroups(ground, full.pods(SAMPLE, 0, PODS, ClusterSide.NODE));
      return inTurn(ground, launcher, full, empty);
    }
  }

  private static Map<String, Pairs> inTurn(
      Ground ground, Path launcher, ClusterSide full, ClusterSide empty) {
    // The first ones make what later ones find: the archive of classes, and a checkpoint.
    startOnce(ground, launcher, full);
    startOnce(ground, launcher, empty);
    Map<String, Pairs> pairs = new LinkedHashMap<>();
    for (int i = 0; i < ROUNDS; i++) {
      Map<String, Double> ofFull = started(ground, launcher, full);
      Map<String, Double> ofEmpty = started(ground, launcher, empty);
      Pairs.add(pairs, ofFull, ofEmpty);
    }
    return pairs;
  }

  private static void startOnce(Ground ground, Path launcher, ClusterSide side) {
    try (NodeAgent _ = agent(ground, launcher, side, Plane.IN_KERNEL)) {
      NodeAgent.rest(SETTLED);
    }
  }

  private static Map<String, Double> started(Ground ground, Path launcher, ClusterSide side) {
    Map<String, Double> figures = new LinkedHashMap<>();
    try (NodeAgent agent = agent(ground, launcher, side, Plane.IN_KERNEL)) {
      figures.put("start to ready", (double) agent.readyNanos());
      NodeAgent.rest(SETTLED);
      ProcessUse use = agent.use();
      final long cpu = use.cpuNanos();
      final long wakeups = use.wakeups();
      NodeAgent.rest(IDLE);
      double minutes = (double) IDLE.toMillis() / Duration.ofMinutes(1).toMillis();
      figures.put("CPU time of an idle minute", (use.cpuNanos() - cpu) / minutes);
      figures.put("wakeups of an idle minute", (use.wakeups() - wakeups) / minutes);
      figures.put("memory", use.rss());
    }
    return figures;
  }

  /**
   * A value changed through the API, until the last of so many tasks has it, on the plane InKernel
   * against Rescan; then what a thousand pods of another node cost this one.
   */
  static Map<Integer, Pairs> change(Ground ground, Path launcher) {
    Path root = Objects.requireNonNull(launcher.getParent());
    try (ClusterSide side = ClusterSide.start(root, "change")) {
      side.apply(
          String.join(
              "---\n", ONE_MAP.namespacesYaml(), ONE_MAP.mapsYaml(), ONE_MAP.policiesYaml(0)));
      Path pod = cgroups(ground, side.pods(ONE_MAP, 0, 1, ClusterSide.NODE)).getLast();
      Map<Integer, List<Double>> inKernel;
      try (NodeAgent agent = agent(ground, launcher, side, Plane.IN_KERNEL)) {
        inKernel = changes(ground, side, agent, pod);
        addPodsElsewhere(side, agent);
      }
      Map<Integer, List<Double>> rescan;
      try (NodeAgent agent = agent(ground, launcher, side, Plane.RESCAN)) {
        rescan = changes(ground, side, agent, pod);
      }
      Map<Integer, Pairs> pairs = new TreeMap<>();
      inKernel.forEach(
          (tasks, taken) ->
              pairs.put(tasks, Pairs.of(taken, Objects.requireNonNull(rescan.get(tasks)))));
      return pairs;
    }
  }

  private static NodeAgent agent(Ground ground, Path launcher, ClusterSide side, Plane plane) {
    return NodeAgent.start(
        launcher, ground, side.kubeconfig(), ground.folder().resolve("state"), plane);
  }

  private static void addPodsElsewhere(ClusterSide side, NodeAgent agent) {
    double before = agent.metric(EVENTS);
    side.pods(SAMPLE, PODS, PODS + PODS_ELSEWHERE, "node-1");
    System.err.printf(
        "%d pods of another node: %.0f events and bookmarks of pods came meanwhile%n",
        PODS_ELSEWHERE, agent.metric(EVENTS) - before);
  }

  private static Map<Integer, List<Double>> changes(
      Ground ground, ClusterSide side, NodeAgent agent, Path pod) {
    return Map.of(
        1,
        changes(ground, side, agent, pod, 1),
        Comparisons.TASKS,
        changes(ground, side, agent, pod, Comparisons.TASKS));
  }

  private static List<Double> changes(
      Ground ground, ClusterSide side, NodeAgent agent, Path pod, int tasks) {
    List<Double> taken = new ArrayList<>();
    try (Contestant _ = ground.crowd(tasks, pod)) {
      agent.await("taskstorage_entries ", tasks, LIMIT);
      for (int i = 1; i <= CHANGES; i++) {
        double before = agent.metric(UPDATED);
        long began = System.nanoTime();
        side.patch(
            "/apis/taskstorage.io/v1alpha1/clustertaskstoragepolicies/policy-0",
            """
            [{"op":"replace","path":"/spec/values",
              "value":[{"field":"tenant","value":"%d"},{"field":"qos","value":"0"}]}]
            """
                .formatted(tasks + i));
        agent.await(UPDATED, before + tasks, LIMIT);
        taken.add((double) System.nanoTime() - began);
      }
    }
    return taken;
  }

  /**
   * Makes the cgroups of pods as a kubelet does, one for each UID; the ground's end removes them.
   */
  private static List<Path> cgroups(Ground ground, List<String> uids) {
    Path besteffort = ground.cgroup().resolve("kubepods/besteffort");
    List<Path> made = new ArrayList<>();
    try {
      for (String uid : uids) {
        made.add(Files.createDirectories(besteffort.resolve("pod" + uid)));
      }
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("make cgroup: " + e.getMessage(), e);
    }
  }
}
