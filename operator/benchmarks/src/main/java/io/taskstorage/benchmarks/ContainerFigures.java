package io.taskstorage.benchmarks;

import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Plane;
import io.taskstorage.taskstore.TaskStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * How long a container runtime waits for the agent before it lets a container's first process run.
 * The runtime is containerd's own code for that, without containers; what it does between the two
 * events is a cgroup made here, a process put into it, and a pause.
 */
final class ContainerFigures {
  /** What these take does not count: the JVM compiles what has run often. */
  private static final int STARTS_BEFORE = 200;

  /** Pods that there are; each has one container after the other. */
  private static final int PODS = 110;

  private static final String ONE_CONTAINER_OF_ALL =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: ClusterTaskStoragePolicy
      metadata: {name: servers}
      spec:
        targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: map-0}]
        tier: Admin
        priority: 1
        subject: {pods: {namespaceSelector: {}, containerNames: [server]}}
        values: [{field: qos, value: "201"}]
      """;

  /**
   * From a container's cgroup to the event of its start. A runtime sets up namespaces and mounts in
   * that time, which takes tens of milliseconds.
   */
  private static final SequencedMap<String, Duration> GAPS = gaps();

  private final PlayedRuntime runtime;
  private final NodeAgent agent;
  private final List<Path> pods;
  private final Path waiting;
  private int number;

  private ContainerFigures(PlayedRuntime runtime, NodeAgent agent, List<Path> pods, Path waiting) {
    this.runtime = runtime;
    this.agent = agent;
    this.pods = pods;
    this.waiting = waiting;
  }

  private static SequencedMap<String, Duration> gaps() {
    SequencedMap<String, Duration> gaps = new LinkedHashMap<>();
    gaps.put("20 ms after its cgroup", Duration.ofMillis(20));
    gaps.put("at once", Duration.ZERO);
    return gaps;
  }

  /** How long so many starts were held, in nanoseconds, by node and moment. */
  static SequencedMap<String, List<Double>> starts(Ground ground, Path launcher, int counted) {
    SequencedMap<String, List<Double>> figures = new LinkedHashMap<>();
    on(ground, launcher, counted, new SampleCluster(PODS, 1, 1, SampleCluster.Source.LITERAL))
        .forEach((moment, held) -> figures.put("1 map, 2 policies, " + moment, held));
    on(ground, launcher, counted, new SampleCluster(PODS, 200, 16, SampleCluster.Source.MIXED))
        .forEach((moment, held) -> figures.put("16 maps, 201 policies, " + moment, held));
    return figures;
  }

  private static SequencedMap<String, List<Double>> on(
      Ground ground, Path launcher, int counted, SampleCluster cluster) {
    Path root = Objects.requireNonNull(launcher.getParent());
    PinTree tree = new PinTree(ground.bpffs());
    Path state = ground.folder().resolve("containers" + cluster.maps());
    Path socket =
        Ground.makeFolder(ground.folder().resolve("nri" + cluster.maps())).resolve("nri.sock");
    try (ClusterSide side = ClusterSide.start(root, "containers")) {
      side.apply(
          String.join(
              "---\n",
              cluster.namespacesYaml(),
              cluster.mapsYaml(),
              cluster.policiesYaml(0),
              ONE_CONTAINER_OF_ALL));
      List<Path> pods =
          side.pods(cluster, 0, PODS, ClusterSide.NODE).stream()
              .map(uid -> ground.makeCgroup("kubepods/besteffort/pod" + uid))
              .toList();
      try (PlayedRuntime runtime = PlayedRuntime.listen(root, socket);
          NodeAgent agent =
              NodeAgent.start(
                  launcher, ground, side.kubeconfig(), state, Plane.IN_KERNEL, "--nri=" + socket)) {
        runtime.awaitPlugin();
        return new ContainerFigures(runtime, agent, pods, ground.makeCgroup("waiting"))
            .atMoments(counted);
      } finally {
        pods.forEach(PodFigures::remove);
      }
    } finally {
      TaskStores.clean(tree);
    }
  }

  private SequencedMap<String, List<Double>> atMoments(int counted) {
    SequencedMap<String, List<Double>> figures = new LinkedHashMap<>();
    Process init = sleeper();
    try {
      GAPS.forEach((moment, gap) -> figures.put(moment, held(init, counted, gap)));
    } finally {
      init.destroyForcibly().onExit().join();
      PodFigures.remove(waiting);
    }
    for (String outcome : List.of("timeout", "unknown")) {
      double so =
          agent.metric("taskstorage_container_starts_total{outcome=\"%s\"}".formatted(outcome));
      if (so > 0) {
        throw new IllegalStateException("%.0f starts ended as %s".formatted(so, outcome));
      }
    }
    return figures;
  }

  private List<Double> held(Process init, int counted, Duration gap) {
    List<Double> held = new ArrayList<>();
    for (int i = 0; i < STARTS_BEFORE + counted; i++) {
      held.add(start(init, pods.get(i % pods.size()), gap));
    }
    return held.subList(STARTS_BEFORE, held.size());
  }

  /** One container from its first event to its last; returns how long its start was held. */
  private double start(Process init, Path pod, Duration gap) {
    String uid = pod.getFileName().toString().substring("pod".length());
    String id = "%064x".formatted(++number);
    runtime.tell("create", uid, "server", id);
    Path cgroup = Ground.makeFolder(pod.resolve(id));
    move(init, cgroup);
    NodeAgent.rest(gap);
    double held = runtime.tell("start", uid, "server", id);
    move(init, waiting);
    PodFigures.remove(cgroup);
    runtime.tell("remove", uid, "server", id);
    return held;
  }

  private static Process sleeper() {
    try {
      return new ProcessBuilder("sleep", "infinity").start();
    } catch (IOException e) {
      throw new UncheckedIOException("start a process: " + e.getMessage(), e);
    }
  }

  private static void move(Process process, Path cgroup) {
    try {
      Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(process.pid()));
    } catch (IOException e) {
      throw new UncheckedIOException("move a process: " + e.getMessage(), e);
    }
  }
}
