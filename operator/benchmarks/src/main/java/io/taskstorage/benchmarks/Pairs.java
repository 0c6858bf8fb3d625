package io.taskstorage.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Pairs of measurements, taken one right after the other. */
final class Pairs {
  private final List<Double> java = new ArrayList<>();
  private final List<Double> c = new ArrayList<>();
  private final List<Double> ratios = new ArrayList<>();

  void add(double ofJava, double ofC) {
    java.add(ofJava);
    c.add(ofC);
    ratios.add(ofJava / ofC);
  }

  double medianOfJava() {
    return median(java);
  }

  double medianOfC() {
    return median(c);
  }

  double medianRatio() {
    return median(ratios);
  }

  double smallestRatio() {
    return ratios.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  double largestRatio() {
    return ratios.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
