package io.taskstorage.benchmarks;

import io.taskstorage.benchmarks.EngineFigures.Measured;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/** Prints figures as tables, a heading wherever another kind of figure begins. */
final class Report {
  /** In what a figure is printed. */
  enum Unit {
    NANOSECONDS(1, "%.0f ns"),
    MICROSECONDS(1e3, "%.1f us"),
    MILLISECONDS(1e6, "%.1f ms"),
    MEGABYTES(1 << 20, "%.1f MB"),
    TIMES(1, "%.0f");

    private final double size;
    private final String format;

    Unit(double size, String format) {
      this.size = size;
      this.format = format;
    }

    /** Takes nanoseconds, bytes or a number of times. */
    String text(double value) {
      return String.format(Locale.ROOT, format, value / size);
    }

    /** That of a figure in pairs, by what it is called. */
    static Unit of(String figure, double value) {
      if (figure.equals("memory")) {
        return MEGABYTES;
      }
      return figure.startsWith("wakeups") ? TIMES : ofTime(value);
    }

    /** A unit in which a time can be read. */
    static Unit ofTime(double nanoseconds) {
      if (nanoseconds < 10_000) {
        return NANOSECONDS;
      }
      return nanoseconds < 1_000_000 ? MICROSECONDS : MILLISECONDS;
    }
  }

  private static final String DISTRIBUTION = "| figure | times | p50 | p90 | p99 | p99.9 | most |";

  private final PrintStream out;
  private String heading = "";

  Report(PrintStream out) {
    this.out = out;
  }

  /**
   * What was measured in pairs: nanoseconds, bytes where the figure is called memory, and a number
   * where it begins with wakeups.
   */
  void pairs(String subject, String yardstick, String prefix, Map<String, Pairs> figures) {
    head(pairsHeading(subject, yardstick));
    figures.forEach((figure, pairs) -> row(pairsCells(prefix, figure, pairs)));
  }

  /**
   * The same beside what the ratios are meant to be at most.
   *
   * @param budgets by the name of the figure, of each of them
   */
  void pairs(
      String subject,
      String yardstick,
      String prefix,
      Map<String, Pairs> figures,
      Map<String, Double> budgets) {
    head(pairsHeading(subject, yardstick) + " budget |");
    figures.forEach(
        (figure, pairs) -> {
          List<String> cells = new ArrayList<>(pairsCells(prefix, figure, pairs));
          double budget = Objects.requireNonNull(budgets.get(figure), figure);
          cells.add(String.format(Locale.ROOT, "%.2f", budget));
          row(cells);
        });
  }

  private static String pairsHeading(String subject, String yardstick) {
    return "| figure | %s | %s | ratio, median (least to most) |".formatted(subject, yardstick);
  }

  private static List<String> pairsCells(String prefix, String figure, Pairs pairs) {
    double ofSubject = pairs.medianOfSubject();
    double ofYardstick = pairs.medianOfYardstick();
    return List.of(
        prefix + figure,
        Unit.of(figure, ofSubject).text(ofSubject),
        Unit.of(figure, ofYardstick).text(ofYardstick),
        ratio(pairs));
  }

  /**
   * What differs little: ratios with one digit more, how far the middle half of them goes, since
   * the farthest of many rounds are somebody else's doing, and how sure their median is.
   */
  void closePairs(String subject, String yardstick, String prefix, Map<String, Pairs> figures) {
    head(
        "| figure | %s | %s | ratio, median (middle half) | 95 %% interval of the median |"
            .formatted(subject, yardstick));
    figures.forEach(
        (figure, pairs) -> {
          Unit unit = Unit.ofTime(pairs.medianOfYardstick());
          Pairs.Interval interval = pairs.medianRatioInterval();
          row(
              prefix + figure,
              unit.text(pairs.medianOfSubject()),
              unit.text(pairs.medianOfYardstick()),
              String.format(
                  Locale.ROOT,
                  "%.3f (%.3f to %.3f)",
                  pairs.medianRatio(),
                  pairs.ratio(0.25),
                  pairs.ratio(0.75)),
              String.format(Locale.ROOT, "%.3f to %.3f", interval.from(), interval.to()));
        });
  }

  /** Times of single events: how long half of them take, and all but a hundredth. */
  void percentiles(String subject, String yardstick, String prefix, Pairs pairs) {
    head("| figure | %s | %s | ratio |".formatted(subject, yardstick));
    for (int percent : new int[] {50, 99}) {
      double ofSubject = pairs.subject(percent / 100.0);
      double ofYardstick = pairs.yardstick(percent / 100.0);
      row(
          prefix + "p" + percent,
          Unit.ofTime(ofSubject).text(ofSubject),
          Unit.ofTime(ofYardstick).text(ofYardstick),
          String.format(Locale.ROOT, "%.2f", ofSubject / ofYardstick));
    }
  }

  /** How times of single events are distributed, with the number of events. */
  void distributions(String prefix, Map<String, List<Double>> figures) {
    head(DISTRIBUTION);
    figures.forEach((figure, times) -> row(distributionCells(prefix + figure, times)));
  }

  /** The same beside what such a share of them is meant to take at most, in nanoseconds. */
  void distributions(
      String prefix, Map<String, List<Double>> figures, double share, double budget) {
    head("%s budget of p%s |".formatted(DISTRIBUTION, percent(share)));
    figures.forEach(
        (figure, times) -> {
          List<String> cells = new ArrayList<>(distributionCells(prefix + figure, times));
          cells.add(Unit.ofTime(budget).text(budget));
          row(cells);
        });
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(100 * share).stripTrailingZeros().toPlainString();
  }

  private static List<String> distributionCells(String figure, List<Double> times) {
    List<String> cells = new ArrayList<>();
    cells.add(figure);
    cells.add(String.format(Locale.ROOT, "%,d", times.size()));
    for (double share : new double[] {0.5, 0.9, 0.99, 0.999, 1}) {
      double time = Pairs.quantile(times, share);
      cells.add(Unit.ofTime(time).text(time));
    }
    return cells;
  }

  /** Times in nanoseconds, each beside its budget. */
  void budgets(String what, Map<String, Budgeted> figures) {
    head("| %s | median | budget |".formatted(what));
    figures.forEach(
        (figure, time) ->
            row(figure, Unit.NANOSECONDS.text(time.nanos()), Unit.NANOSECONDS.text(time.budget())));
  }

  /** What something takes, and what it is meant to take at most, in nanoseconds. */
  record Budgeted(double nanos, double budget) {}

  /** The engine's figures; ratios are of processor time, to that of the first of them. */
  void engine(SequencedMap<String, Measured> figures) {
    List<Double> first = figures.firstEntry().getValue().cpu();
    head(
        "| figure | time, median (least) | CPU time | CPU time to that of \"%s\" |"
            .formatted(figures.firstEntry().getKey()));
    figures.forEach(
        (figure, measured) -> {
          double wall = Pairs.median(measured.wall());
          double cpu = Pairs.median(measured.cpu());
          double least = Pairs.least(measured.wall());
          row(
              figure,
              "%s (%s)".formatted(Unit.ofTime(wall).text(wall), Unit.ofTime(least).text(least)),
              Unit.ofTime(cpu).text(cpu),
              ratio(Pairs.of(measured.cpu(), first)));
        });
  }

  /** What stands for itself. */
  void figures(String prefix, Map<String, String> figures) {
    head("| figure | |");
    figures.forEach((figure, text) -> row(prefix + figure, text));
  }

  private void head(String line) {
    if (!line.equals(heading)) {
      String rule = line.replaceAll("[^|]+", "---");
      out.println((heading.isEmpty() ? "" : "\n") + line + "\n" + rule);
      heading = line;
    }
  }

  private void row(String... cells) {
    row(List.of(cells));
  }

  private void row(List<String> cells) {
    out.println("| " + String.join(" | ", cells) + " |");
  }

  private static String ratio(Pairs pairs) {
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f to %.2f)",
        pairs.medianRatio(),
        pairs.smallestRatio(),
        pairs.largestRatio());
  }
}
