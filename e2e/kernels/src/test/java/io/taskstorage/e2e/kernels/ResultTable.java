package io.taskstorage.e2e.kernels;

import io.taskstorage.e2e.kernels.guest.Result;
import io.taskstorage.e2e.kernels.guest.Result.Outcome;
import io.taskstorage.testkit.GuestSuite;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All results as one text: a line for each kernel, plane and suite. */
final class ResultTable {
  private final Map<String, List<Result>> guests = new LinkedHashMap<>();

  /**
   * Adds what came of a guest.
   *
   * @param name of the guest, with its kernel's release
   */
  void add(String name, List<Result> results) {
    guests.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(results);
  }

  /** The table, with a head and an end of line after each line. */
  String text() {
    List<String> lines = new ArrayList<>();
    lines.add(row("kernel", "plane", "suite", "passed", "failed", "refused because"));
    guests.forEach(
        (guest, results) -> bySuite(results).forEach((s, r) -> lines.add(row(guest, s, r))));
    return lines.stream().map(line -> line.stripTrailing() + "\n").collect(Collectors.joining());
  }

  private static Map<GuestSuite, List<Result>> bySuite(List<Result> results) {
    return results.stream()
        .collect(
            Collectors.groupingBy(
                Result::suite, () -> new EnumMap<>(GuestSuite.class), Collectors.toList()));
  }

  private static String row(String guest, GuestSuite suite, List<Result> results) {
    return row(
        guest,
        suite.plane(),
        suite.title(),
        count(results, Outcome.PASSED),
        count(results, Outcome.FAILED),
        reasons(results));
  }

  private static String row(String... cells) {
    return "%-38s %-9s %-13s %6s %6s  %s".formatted((Object[]) cells);
  }

  private static String count(List<Result> results, Outcome outcome) {
    long count = results.stream().filter(result -> result.outcome() == outcome).count();
    return count == 0 ? "-" : Long.toString(count);
  }

  /** Each reason with how many tests it kept from running; a whole suite has no number. */
  private static String reasons(List<Result> results) {
    Map<String, Integer> reasons = new TreeMap<>();
    boolean isWhole = results.stream().allMatch(result -> result.name().isEmpty());
    results.stream()
        .filter(result -> result.outcome() == Outcome.REFUSED)
        .forEach(result -> reasons.merge(result.detail(), 1, Integer::sum));
    return reasons.entrySet().stream()
        .map(each -> isWhole ? each.getKey() : each.getKey() + " (" + each.getValue() + ")")
        .collect(Collectors.joining("; "));
  }
}
