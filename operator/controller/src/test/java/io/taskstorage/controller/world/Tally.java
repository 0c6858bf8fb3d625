package io.taskstorage.controller.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How the nodes fare; one list for each way. */
final class Tally {
  final List<String> done = new ArrayList<>();
  final List<String> failed = new ArrayList<>();
  final List<String> waiting = new ArrayList<>();
  final List<String> unavailable = new ArrayList<>();
  final List<String> letters = new ArrayList<>();
  final Map<String, Failure> failures = new TreeMap<>();

  int expected() {
    return done.size() + failed.size() + waiting.size();
  }

  void fail(String node, @Nullable String reason) {
    failed.add(node);
    count(reason == null || reason.isEmpty() ? "NodesFailed" : reason, node, 0, null);
  }

  void count(String kind, String node, int pods, @Nullable String pod) {
    failures.merge(
        kind, Failure.NONE.and(node, pods, pod), (before, _) -> before.and(node, pods, pod));
  }
}
