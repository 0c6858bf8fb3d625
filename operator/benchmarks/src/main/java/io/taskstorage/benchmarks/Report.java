package io.taskstorage.benchmarks;

import io.taskstorage.benchmarks.EngineFigures.Measured;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    head("| figure | %s | %s | ratio, median (least to most) |".formatted(subject, yardstick));
    figures.forEach(
        (figure, pairs) -> {
          double ofSubject = pairs.medianOfSubject();
          double ofYardstick = pairs.medianOfYardstick();
          row(
              prefix + figure,
              Unit.of(figure, ofSubject).text(ofSubject),
              Unit.of(figure, ofYardstick).text(ofYardstick),
              ratio(pairs));
        });
  }

  /**
   * What differs little: ratios with one digit more, and how far the middle half of them goes,
   * since the farthest of many rounds are somebody else's doing.
   */
  void closePairs(String subject, String yardstick, String prefix, Map<String, Pairs> figures) {
    head("| figure | %s | %s | ratio, median (middle half) |".formatted(subject, yardstick));
    figures.forEach(
        (figure, pairs) -> {
          Unit unit = Unit.ofTime(pairs.medianOfYardstick());
          row(
              prefix + figure,
              unit.text(pairs.medianOfSubject()),
              unit.text(pairs.medianOfYardstick()),
              String.format(
                  Locale.ROOT,
                  "%.3f (%.3f to %.3f)",
                  pairs.medianRatio(),
                  pairs.ratio(0.25),
                  pairs.ratio(0.75)));
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
