package io.taskstorage.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
          "agent",
          "node",
          "change",
          "commands",
          "preview",
          "resolution",
          "expressions");

  /** Named alone: they bring up a control plane, and take minutes. */
  private static final Map<String, Integer> CONTROLLER =
      Map.of("controller-50", 50, "controller-500", 500, "controller-5000", 5000);

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
          Integer nodes = CONTROLLER.get(name);
          if (nodes == null) {
            onGround(name, launcher, report);
          } else {
            report.figures(
                "controller, %d nodes: ".formatted(nodes),
                ControllerFigures.measure(root(launcher), launcher, nodes));
          }
        }
      }
    }
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
        case "agent" ->
            report.pairs("with expressions", "without", "agent: ", Whole.agent(ground, launcher));
        case "node" ->
            report.pairs(
                "110 pods, 16 maps, 200 policies",
                "nothing",
                "agent of a node: ",
                NodeFigures.agent(ground, launcher));
        case "change" ->
            report.pairs(
                "10,000 tasks",
                "1 task",
                "agent of a node: ",
                NodeFigures.change(ground, launcher));
        case "commands" -> {
          againstC(report, "version: ", Commands.version(ground, launcher));
          againstC(report, "lint --help: ", Commands.start(ground, launcher));
          againstC(report, "layout: ", Commands.onManifests(ground, launcher, "layout"));
          againstC(report, "lint: ", Commands.onManifests(ground, launcher, "lint"));
        }
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

  private static void againstC(Report report, String prefix, Map<String, Pairs> pairs) {
    report.pairs("Java", "C", prefix, pairs);
  }
}
