package io.taskstorage.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs the comparisons named as arguments, all without any: {@code syscalls rescan rescan16 entries
 * agent}. Prints one row of a table per figure.
 */
public final class Benchmarks {
  private static final List<String> ALL =
      List.of("syscalls", "rescan", "rescan16", "entries", "agent");

  private Benchmarks() {}

  /** Called by tools/benchmarks, which sets the system properties benchmarks.c and .launcher. */
  public static void main(String[] args) {
    Path launcher = Path.of(System.getProperty("benchmarks.launcher"));
    System.out.println("| figure | Java | C | ratio, median (least to most) |");
    System.out.println("|---|---|---|---|");
    for (String name : args.length == 0 ? ALL : List.of(args)) {
      try (Ground ground = Ground.make()) {
        switch (name) {
          case "syscalls" -> print("", Comparisons.syscalls(ground), "ns");
          case "rescan" -> print("rescan, per task: ", Comparisons.rescan(ground, 1), "ns");
          case "rescan16" ->
              print("rescan of 16 maps, per task: ", Comparisons.rescan(ground, 16), "ns");
          case "entries" -> row("entries of 10,000 tasks", Whole.entries(ground, launcher), "ms");
          case "agent" -> agent(Whole.agent(ground, launcher));
          default ->
              throw new IllegalArgumentException(
                  "benchmark " + name + ": unknown: one of " + String.join(", ", ALL));
        }
      }
    }
  }

  private static void print(String prefix, Map<String, Pairs> pairs, String unit) {
    pairs.forEach((figure, pair) -> row(prefix + figure, pair, unit));
  }

  private static void row(String figure, Pairs pairs, String unit) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "| %s | %.0f %s | %.0f %s | %.2f (%.2f to %.2f) |",
            figure,
            pairs.medianOfJava(),
            unit,
            pairs.medianOfC(),
            unit,
            pairs.medianRatio(),
            pairs.smallestRatio(),
            pairs.largestRatio()));
  }

  private static void agent(Whole.Agent agent) {
    System.out.println(
        String.format(
            Locale.ROOT, "| agent, start to ready | %.0f ms | | |", agent.readyMilliseconds()));
    System.out.println(
        String.format(
            Locale.ROOT, "| agent, resident memory | %.0f MB | | |", agent.rssMegabytes()));
  }
}
