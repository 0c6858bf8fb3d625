package io.taskstorage.agent.report;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.SweepCounts;
import io.taskstorage.taskstore.SweepResult;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Counts what a map holds on this node. Pure. */
final class EntryCounting {
  private final Optional<SweepResult> swept;
  private final Map<MapName, Long> late;
  private final Map<MapName, Integer> pods = new HashMap<>();
  private final Map<MapName, Integer> containers = new HashMap<>();

  EntryCounting(
      Observed observed, Desired desired, Optional<SweepResult> swept, Map<MapName, Long> late) {
    this.swept = swept;
    this.late = late;
    Map<String, Row> rows = new HashMap<>();
    desired.rows().values().forEach(row -> rows.put(row.cgroup().path(), row.row()));
    // Most pods have one of a few rows, and their containers none of their own.
    IdentityHashMap<Row, Integer> alike = new IdentityHashMap<>();
    SortedMap<String, PodOnNode> known =
        observed.api().cluster().map(ClusterState::pods).orElse(Collections.emptySortedMap());
    known.forEach(
        (path, pod) -> {
          List<Row> own =
              pod.containerCgroups().values().stream()
                  .flatMap(each -> Optional.ofNullable(rows.get(each)).stream())
                  .toList();
          Optional<Row> row = Optional.ofNullable(rows.get(path));
          if (own.isEmpty()) {
            row.ifPresent(of -> alike.merge(of, 1, Integer::sum));
          } else {
            Set<MapName> carried = new HashSet<>(row.orElse(Row.EMPTY).values().keySet());
            own.forEach(of -> carried.addAll(of.values().keySet()));
            add(pods, carried, 1);
          }
          own.forEach(of -> add(containers, of.values().keySet(), 1));
        });
    alike.forEach((row, times) -> add(pods, row.values().keySet(), times));
  }

  private static void add(Map<MapName, Integer> counts, Set<MapName> maps, int times) {
    maps.forEach(map -> counts.merge(map, times, Integer::sum));
  }

  EntryCounts of(MapName map) {
    SweepCounts counts = swept.map(result -> result.counts(map)).orElse(SweepCounts.NONE);
    return new EntryCounts(
        pods.getOrDefault(map, 0),
        containers.getOrDefault(map, 0),
        (long) counts.tasks(),
        late.getOrDefault(map, 0L),
        (long) counts.failed());
  }
}
