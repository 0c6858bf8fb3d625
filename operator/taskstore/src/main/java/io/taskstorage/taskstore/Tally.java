package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Counts of one pass while it runs. */
final class Tally {
  /** What happened to one entry. */
  enum Change {
    CREATED,
    LATE,
    UPDATED,
    FOREIGN,
    DELETED,
    FAILED
  }

  private record Cause(Optional<MapName> map, String reason) {}

  private final Map<MapName, EnumMap<Change, Integer>> changes = new HashMap<>();
  private final Map<Cause, TaskFailure> failures = new LinkedHashMap<>();

  void add(MapName map, Change change) {
    changes.computeIfAbsent(map, m -> new EnumMap<>(Change.class)).merge(change, 1, Integer::sum);
  }

  /** One task does not have what its row says in this map. */
  void fail(MapName map, int tid, BpfException cause) {
    add(map, Change.FAILED);
    fail(Optional.of(map), tid, cause);
  }

  /** Why it does not; without a map where the cause stands before any. */
  void fail(Optional<MapName> map, int tid, BpfException cause) {
    addFailure(
        new TaskFailure(
            map, cause.errno().name(), String.valueOf(cause.getMessage()), 1, OptionalInt.of(tid)));
  }

  /** Joins a failure with those of the same map and reason; the first message stays. */
  void addFailure(TaskFailure failure) {
    failures.merge(
        new Cause(failure.map(), failure.reason()),
        failure,
        (first, next) ->
            new TaskFailure(
                first.map(),
                first.reason(),
                first.message(),
                first.tasks() + next.tasks(),
                first.exampleTid()));
  }

  /** Whether an entry was written or removed so far. */
  int changes() {
    return changes.values().stream()
        .flatMap(counts -> counts.entrySet().stream())
        .filter(e -> e.getKey() != Change.FAILED)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  SweepCounts counts(MapName map, int tasksWithEntry) {
    Map<Change, Integer> of = changes.getOrDefault(map, new EnumMap<>(Change.class));
    return new SweepCounts(
        tasksWithEntry,
        of.getOrDefault(Change.CREATED, 0),
        of.getOrDefault(Change.UPDATED, 0),
        of.getOrDefault(Change.DELETED, 0),
        of.getOrDefault(Change.FOREIGN, 0),
        of.getOrDefault(Change.LATE, 0),
        of.getOrDefault(Change.FAILED, 0));
  }

  List<TaskFailure> failures() {
    return failures.values().stream().limit(SweepResult.MAX_FAILURES).toList();
  }

  int failuresLeftOut() {
    return Math.max(0, failures.size() - SweepResult.MAX_FAILURES);
  }
}
