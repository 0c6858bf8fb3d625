package io.taskstorage.benchmarks;

import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Plane;
import io.taskstorage.taskstore.TaskStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * How soon a pod's cgroup has its row after a kubelet has made it: with the agent of a cluster's
 * node on the plane InKernel, a real API server that has told it of the pods before, and ten pods a
 * second. A program in C makes the cgroups, looks for their rows, and then makes two containers' in
 * each.
 */
final class PodFigures {
  /** What these take does not count: the JVM compiles what has run often. */
  private static final int PODS_BEFORE = 60;

  private static final long PACE_NANOS = Duration.ofMillis(100).toNanos();

  /** The part of it that is the kernel's. */
  static final String MKDIR = ", mkdir itself";

  private static final Path FOLDER = Path.of("kubepods/besteffort");

  private final Path folder;
  private final List<String> uids;
  private final Contestant maker;

  private PodFigures(Path folder, List<String> uids, Contestant maker) {
    this.folder = folder;
    this.uids = uids;
    this.maker = maker;
  }

  private interface Work {
    SequencedMap<String, List<Double>> of(PodFigures figures);
  }

  /** Times of so many pods, by how they come. */
  static SequencedMap<String, List<Double>> pods(Ground ground, Path launcher, int counted) {
    int all = PODS_BEFORE + counted;
    SampleCluster one = new SampleCluster(all, 1, 1, SampleCluster.Source.LITERAL);
    SampleCluster full = new SampleCluster(all, 200, 16, SampleCluster.Source.MIXED);
    SequencedMap<String, List<Double>> figures = new LinkedHashMap<>();
    on(ground, launcher, one, PodFigures::waysToCome)
        .forEach((way, taken) -> figures.put("1 map, 1 policy, " + way, taken));
    on(ground, launcher, full, PodFigures::waysToCome)
        .forEach((way, taken) -> figures.put("16 maps, 200 policies, " + way, taken));
    return figures;
  }

  private static SequencedMap<String, List<Double>> on(
      Ground ground, Path launcher, SampleCluster cluster, Work work) {
    Path root = Objects.requireNonNull(launcher.getParent());
    PinTree tree = new PinTree(ground.bpffs());
    Path folder = ground.makeCgroup(FOLDER.toString());
    Path state = ground.folder().resolve("state" + cluster.maps());
    try (ClusterSide side = ClusterSide.start(root, "pods")) {
      side.apply(
          String.join(
              "---\n", cluster.namespacesYaml(), cluster.mapsYaml(), cluster.policiesYaml(0)));
      List<String> uids = side.pods(cluster, 0, cluster.pods(), ClusterSide.NODE);
      try (NodeAgent _ =
              NodeAgent.start(launcher, ground, side.kubeconfig(), state, Plane.IN_KERNEL);
          Contestant maker = Contestant.start("pods", command(ground, tree, "map_0", folder))) {
        return work.of(new PodFigures(folder, uids, maker));
      }
    } finally {
      TaskStores.clean(tree);
    }
  }

  /** The C program, on the tables of the newest set of programs. */
  static List<String> command(Ground ground, PinTree tree, String bpfName, Path folder) {
    return List.of(
        ground.program("pods").toString(),
        assignments(tree).toString(),
        tree.publicFolder().resolve(bpfName).toString(),
        folder.toString());
  }

  private static Path assignments(PinTree tree) {
    try (Stream<Path> sets = Files.list(tree.agentFolder().resolve("programs"))) {
      return sets.max(Comparator.comparingInt(set -> Integer.parseInt("" + set.getFileName())))
          .orElseThrow(() -> new IllegalStateException("no programs of an agent in " + tree.root()))
          .resolve("tables/assignments");
    } catch (IOException e) {
      throw new UncheckedIOException("look for programs: " + e.getMessage(), e);
    }
  }

  private SequencedMap<String, List<Double>> waysToCome() {
    Random random = new Random(1);
    SequencedMap<String, List<Double>> figures = new LinkedHashMap<>();
    come(figures, "every 100 ms", uids.size(), () -> PACE_NANOS);
    come(
        figures,
        "at random moments",
        uids.size(),
        () -> (long) (-Math.log(1 - random.nextDouble()) * PACE_NANOS));
    come(figures, "every 100 ms, each for 10 s", 100, () -> PACE_NANOS);
    return figures;
  }

  /**
   * One pod after the other.
   *
   * @param way how they come
   * @param most so many at a time: when one more has its row, the oldest goes
   * @param gap from one pod to the next
   */
  private void come(Map<String, List<Double>> figures, String way, int most, LongSupplier gap) {
    List<Double> rows = new ArrayList<>();
    List<Double> mkdirs = new ArrayList<>();
    Deque<Path> there = new ArrayDeque<>();
    long next = System.nanoTime();
    for (String uid : uids) {
      next += gap.getAsLong();
      NodeAgent.rest(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
      String name = "pod" + uid;
      Map<String, Double> taken = maker.round(name);
      rows.add(taken.get("row"));
      mkdirs.add(taken.get("mkdir"));
      there.add(folder.resolve(name));
      if (there.size() > most) {
        remove(there.remove());
      }
    }
    there.forEach(PodFigures::remove);
    figures.put(way, rows.subList(PODS_BEFORE, rows.size()));
    figures.put(way + MKDIR, mkdirs.subList(PODS_BEFORE, mkdirs.size()));
  }

  /** Removes a cgroup and those of its containers, in which nobody is. */
  static void remove(Path cgroup) {
    try {
      try (DirectoryStream<Path> containers = Files.newDirectoryStream(cgroup, "*.scope")) {
        for (Path container : containers) {
          Files.delete(container);
        }
      }
      Files.delete(cgroup);
    } catch (IOException e) {
      throw new UncheckedIOException("remove " + cgroup + ": " + e.getMessage(), e);
    }
  }
}
