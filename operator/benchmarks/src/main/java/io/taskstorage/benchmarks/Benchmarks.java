package io.taskstorage.benchmarks;

import io.taskstorage.taskstore.Plane;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the comparisons named as arguments, all without any. Prints one row of a table per figure.
 */
public final class Benchmarks {
  private static final List<String> ALL =
      List.of(
          "syscalls",
          "rescan",
          "rescan16",
          "entries",
          "starts",
          "sweep",
          "reach",
          "moves",
          "pods",
          "containers",
          "agent",
          "idle",
          "node",
          "change",
          "commands",
          "preview",
          "resolution",
          "expressions");

  /** With how many nodes. Named alone: they bring up a control plane each, and take minutes. */
  private static final Map<String, List<Integer>> CONTROLLER =
      Map.of(
          "controller", List.of(50, 500),
          "controller-50", List.of(50),
          "controller-500", List.of(500),
          "controller-5000", List.of(5000));

  private static final int START_ROUNDS = 60;
  private static final int RUN_ROUNDS = 11;

  /** Of each kind, in a round. */
  private static final int STARTS = 400;

  /** Tasks of all rounds together, and the least number of these. */
  private static final int SWEEPS = 310_000;

  private static final int SWEEP_ROUNDS = 15;

  /** If the machine has numbers for so many, or may be given them. */
  private static final int MANY_TASKS = 50_000;

  private static final Map<String, Double> AGAINST_RESCAN =
      Map.of("create", 0.25, "overwrite", 0.2, "verify", 0.2, "delete", 0.2);
  private static final Map<String, Double> AGAINST_ITERATOR =
      Map.of("create", 1.3, "overwrite", 1.3, "verify", 1.3, "delete", 1.3);

  private static final int CHANGES = 1_000;
  private static final int MOVES = 400;

  /** Each takes as long as its interval. */
  private static final int MOVES_BY_RESCAN = 10;

  /** A minute of them. */
  private static final int PODS = 600;

  private static final double POD_NANOS = 5e6;

  /** So many that there are some among the last thousandth of them. */
  private static final int CONTAINERS = 5_000;

  private static final double CONTAINER_NANOS = 2e6;

  private Benchmarks() {}

  /** Called by tools/benchmarks, which sets the system properties benchmarks.c and .launcher. */
  public static void main(String[] args) {
    Path launcher = Path.of(System.getProperty("benchmarks.launcher"));
    Report report = new Report(System.out);
    for (String name : args.length == 0 ? ALL : List.of(args)) {
      switch (name) {
        case "resolution" -> report.engine(EngineFigures.run(EngineFigures.resolution()));
        case "expressions" -> report.engine(EngineFigures.run(EngineFigures.expressions()));
        default -> {
          List<Integer> sizes = CONTROLLER.get(name);
          if (sizes == null) {
            onGround(name, launcher, report);
          } else {
            sizes.forEach(nodes -> controller(report, launcher, nodes));
          }
        }
      }
    }
  }

  private static void controller(Report report, Path launcher, int nodes) {
    report.figures(
        "controller, %d nodes: ".formatted(nodes),
        ControllerFigures.measure(root(launcher), launcher, nodes));
  }

  /** The repository's, in which the launcher stands. */
  private static Path root(Path launcher) {
    return launcher.toAbsolutePath().resolveSibling(".").normalize();
  }

  private static void onGround(String name, Path launcher, Report report) {
    try (Ground ground = Ground.make()) {
      switch (name) {
        case "syscalls" -> againstC(report, "", Comparisons.syscalls(ground));
        case "rescan" -> againstC(report, "rescan, per task: ", Comparisons.rescan(ground, 1));
        case "rescan16" ->
            againstC(report, "rescan of 16 maps, per task: ", Comparisons.rescan(ground, 16));
        case "entries" ->
            againstC(report, "entries of 10,000 tasks: ", Whole.entries(ground, launcher));
        case "starts" -> starts(report, ground);
        case "sweep" -> sweeps(report, ground);
        case "reach" -> reach(report, ground);
        case "moves" -> moves(report, ground, launcher);
        case "pods" -> pods(report, ground, launcher);
        case "containers" -> containers(report, ground, launcher);
        case "agent" ->
            report.pairs("with expressions", "without", "agent: ", Whole.agent(ground, launcher));
        case "idle" ->
            report.pairs(
                Plane.IN_KERNEL.display(),
                Plane.RESCAN.display(),
                "idle agent, 1,000 tasks: ",
                Whole.idle(ground, launcher));
        case "node" ->
            report.pairs(
                "110 pods, 16 maps, 200 policies",
                "nothing",
                "agent of a node: ",
                NodeFigures.agent(ground, launcher));
        case "change" -> change(report, ground, launcher);
        case "commands" -> commands(report, ground, launcher);
        case "preview" ->
            againstC(report, "preview of 10,000 pods: ", Commands.preview(ground, launcher));
        default ->
            throw new IllegalArgumentException(
                "benchmark %s: unknown: one of %s, %s"
                    .formatted(
                        name,
                        String.join(", ", ALL),
                        String.join(", ", CONTROLLER.keySet().stream().sorted().toList())));
      }
    }
  }

  private static void starts(Report report, Ground ground) {
    report.closePairs(
        "programs attached",
        "nothing attached",
        "",
        StartFigures.starts(ground, START_ROUNDS, STARTS));
    Map<String, Pairs> runs = StartFigures.runs(ground, RUN_ROUNDS, STARTS);
    report.pairs("a row", "no row", "", runs);
    report.budgets("a start, by the kernel's own clock", StartFigures.ofAStart(runs));
  }

  private static void sweeps(Report report, Ground ground) {
    List<Integer> sizes =
        Stream.of(Comparisons.TASKS, Sleepers.fitting(ground, MANY_TASKS))
            .filter(tasks -> tasks >= Comparisons.TASKS)
            .distinct()
            .toList();
    for (int tasks : sizes) {
      report.pairs(
          Plane.IN_KERNEL.display(),
          Plane.RESCAN.display(),
          perTask(tasks),
          PlaneFigures.sweeps(ground, tasks, sweepRounds(tasks)),
          AGAINST_RESCAN);
    }
    for (int tasks : sizes) {
      report.pairs(
          Plane.IN_KERNEL.display(),
          "C, by iterator",
          perTask(tasks),
          PlaneFigures.sweepsAgainstIterator(ground, tasks, sweepRounds(tasks)),
          AGAINST_ITERATOR);
    }
    for (int tasks : sizes) {
      report.pairs(
          Plane.IN_KERNEL.display(),
          "C, by pidfd",
          perTask(tasks),
          PlaneFigures.sweepsAgainstPidfd(ground, tasks, sweepRounds(tasks)));
    }
  }

  private static int sweepRounds(int tasks) {
    return Math.max(SWEEP_ROUNDS, SWEEPS / tasks);
  }

  private static String perTask(int tasks) {
    return String.format(Locale.ROOT, "%,d tasks, per task: ", tasks);
  }

  private static void reach(Report report, Ground ground) {
    report.percentiles(
        Plane.IN_KERNEL.display(),
        Plane.RESCAN.display(),
        "row changed, until the last of 10,000 tasks has its value: ",
        PlaneFigures.changes(ground, Comparisons.TASKS, CHANGES));
  }

  private static void change(Report report, Ground ground, Path launcher) {
    NodeFigures.change(ground, launcher)
        .forEach(
            (tasks, pairs) ->
                report.percentiles(
                    Plane.IN_KERNEL.display(),
                    Plane.RESCAN.display(),
                    "value changed through the API, until the last of %,d has it: "
                        .formatted(tasks),
                    pairs));
  }

  private static void moves(Report report, Ground ground, Path launcher) {
    report.distributions(
        Plane.IN_KERNEL.display() + ", ",
        MoveFigures.moves(ground, launcher, Plane.IN_KERNEL, MOVES));
    Map<String, List<Double>> byRescan =
        MoveFigures.moves(ground, launcher, Plane.RESCAN, MOVES_BY_RESCAN);
    byRescan.keySet().removeIf(figure -> !figure.endsWith(MoveFigures.LAST));
    report.distributions(Plane.RESCAN.display() + ", ", byRescan);
  }

  private static void pods(Report report, Ground ground, Path launcher) {
    String prefix = "cgroup of a pod made, until its row is written: ";
    Map<String, List<Double>> rows = PodFigures.pods(ground, launcher, PODS);
    Map<String, List<Double>> mkdirs = new LinkedHashMap<>(rows);
    rows.keySet().removeIf(figure -> figure.endsWith(PodFigures.MKDIR));
    mkdirs.keySet().removeAll(rows.keySet());
    report.distributions(prefix, rows, 0.99, POD_NANOS);
    report.distributions(prefix, mkdirs);
  }

  private static void containers(Report report, Ground ground, Path launcher) {
    report.distributions(
        "start of a container told to the agent, until it has answered: ",
        ContainerFigures.starts(ground, launcher, CONTAINERS),
        0.999,
        CONTAINER_NANOS);
  }

  private static void commands(Report report, Ground ground, Path launcher) {
    againstC(report, "version: ", Commands.version(ground, launcher));
    againstC(report, "lint --help: ", Commands.start(ground, launcher));
    againstC(report, "layout: ", Commands.onManifests(ground, launcher, "layout"));
    againstC(report, "lint: ", Commands.onManifests(ground, launcher, "lint"));
  }

  private static void againstC(Report report, String prefix, Map<String, Pairs> pairs) {
    report.pairs("Java", "C", prefix, pairs);
  }
}
