package io.taskstorage.agent.report;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.DesiredRow;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.SweepCounts;
import io.taskstorage.taskstore.SweepResult;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Counts what a map holds on this node. Pure. */
final class EntryCounting {
  private final Observed observed;
  private final Map<String, DesiredRow> rows = new HashMap<>();
  private final Optional<SweepResult> swept;
  private final Map<MapName, Long> late;

  EntryCounting(
      Observed observed, Desired desired, Optional<SweepResult> swept, Map<MapName, Long> late) {
    this.observed = observed;
    this.swept = swept;
    this.late = late;
    desired.rows().values().forEach(row -> rows.put(row.cgroup().path(), row));
  }

  EntryCounts of(MapName map) {
    int pods = 0;
    int containers = 0;
    SortedMap<String, PodOnNode> known =
        observed.api().cluster().map(ClusterState::pods).orElse(Collections.emptySortedMap());
    for (Map.Entry<String, PodOnNode> pod : known.entrySet()) {
      int own =
          (int)
              pod.getValue().containerCgroups().values().stream()
                  .filter(path -> hasValue(path, map))
                  .count();
      containers += own;
      pods += (own > 0 || hasValue(pod.getKey(), map)) ? 1 : 0;
    }
    SweepCounts counts = swept.map(result -> result.counts(map)).orElse(SweepCounts.NONE);
    return new EntryCounts(
        pods,
        containers,
        (long) counts.tasks(),
        late.getOrDefault(map, 0L),
        (long) counts.failed());
  }

  private boolean hasValue(String path, MapName map) {
    DesiredRow row = rows.get(path);
    return row != null && row.row().value(map).isPresent();
  }
}
