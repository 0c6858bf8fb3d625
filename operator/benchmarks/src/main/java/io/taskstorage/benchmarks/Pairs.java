package io.taskstorage.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Pairs of measurements, taken one right after the other: of a subject and of its yardstick. */
final class Pairs {
  private final List<Double> subject = new ArrayList<>();
  private final List<Double> yardstick = new ArrayList<>();
  private final List<Double> ratios = new ArrayList<>();

  /** Measurements of the same rounds, in the same order. */
  static Pairs of(List<Double> subject, List<Double> yardstick) {
    if (subject.size() != yardstick.size()) {
      throw new IllegalArgumentException(
          "pair measurements: %d and %d: take both in each round"
              .formatted(subject.size(), yardstick.size()));
    }
    Pairs pairs = new Pairs();
    for (int i = 0; i < subject.size(); i++) {
      pairs.add(subject.get(i), yardstick.get(i));
    }
    return pairs;
  }

  /**
   * One more round of several figures.
   *
   * @param pairs by the name of the figure
   * @param yardstick has each figure that the subject has
   */
  static void add(
      Map<String, Pairs> pairs, Map<String, Double> subject, Map<String, Double> yardstick) {
    subject.forEach(
        (figure, value) ->
            pairs
                .computeIfAbsent(figure, _ -> new Pairs())
                .add(value, Objects.requireNonNull(yardstick.get(figure), figure)));
  }

  void add(double ofSubject, double ofYardstick) {
    subject.add(ofSubject);
    yardstick.add(ofYardstick);
    ratios.add(ofSubject / ofYardstick);
  }

  double medianOfSubject() {
    return median(subject);
  }

  double medianOfYardstick() {
    return median(yardstick);
  }

  /** What this share of the measurements does not exceed. */
  double subject(double share) {
    return quantile(subject, share);
  }

  double yardstick(double share) {
    return quantile(yardstick, share);
  }

  double ratio(double share) {
    return quantile(ratios, share);
  }

  double medianRatio() {
    return median(ratios);
  }

  double smallestRatio() {
    return least(ratios);
  }

  double largestRatio() {
    return ratios.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /**
   * Between which two of the ratios the median of all such rounds is: an interval made like this
   * has it in 95 of 100 cases, however ratios are distributed. All of them where they are too few.
   */
  Interval medianRatioInterval() {
    List<Double> sorted = ratios.stream().sorted().toList();
    int without = outsideOfInterval(sorted.size());
    return new Interval(sorted.get(without), sorted.get(sorted.size() - 1 - without));
  }

  /** From one value to another. */
  record Interval(double from, double to) {}

  /**
   * How many of the least are less likely than 1 in 40 to be all those below the median, or even
   * more than those: each is below it as a coin falls.
   */
  static int outsideOfInterval(int size) {
    double exactly = Math.pow(0.5, size);
    double atMost = exactly;
    for (int below = 0; below < size / 2; below++) {
      exactly *= (double) (size - below) / (below + 1);
      atMost += exactly;
      if (atMost > 0.025) {
        return below;
      }
    }
    return 0;
  }

  /** What this share of the values does not exceed. */
  static double quantile(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
  }

  static double least(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
