package io.taskstorage.e2e.kernels;

import io.taskstorage.e2e.kernels.guest.Result;
import io.taskstorage.e2e.kernels.guest.Result.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a guest's file of results says.
 *
 * @param results of tests that ended or did not run
 * @param broken the tests in which the guest died: at most one
 * @param isDone whether the guest came to its end
 */
record GuestResults(List<Result> results, List<Result> broken, boolean isDone) {
  GuestResults {
    results = List.copyOf(results);
    broken = List.copyOf(broken);
  }

  /** Reads a file; a last line without its end counts for nothing. */
  static GuestResults parse(String text) {
    List<Result> results = new ArrayList<>();
    Map<String, Result> begun = new LinkedHashMap<>();
    boolean isDone = false;
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      Result result = Result.parse(line);
      switch (result.outcome()) {
        case BEGUN -> begun.put(result.name(), result);
        case DONE -> isDone = true;
        case PASSED, FAILED, REFUSED -> {
          begun.remove(result.name());
          results.add(result);
        }
      }
    }
    return new GuestResults(results, List.copyOf(begun.values()), isDone);
  }

  long count(Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).count();
  }
}
