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

  private static double quantile(List<Double> values, double share) {
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
