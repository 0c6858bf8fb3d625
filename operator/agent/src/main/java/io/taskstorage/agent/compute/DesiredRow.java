package io.taskstorage.agent.compute;

import io.taskstorage.policy.Explanation;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Row;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cgroup whose tasks carry other values than those of the cgroup above it.
 *
 * @param cgroup the cgroup
 * @param row what every map holds for its tasks
 * @param fields the decoded fields of each map, in declared order, as people read them
 * @param explanations for each map, who decides each field
 * @param overdue the maps whose value here follows from policies that were in force when the cgroup
 *     came: its tasks ought to have had it from their first instruction on
 */
public record DesiredRow(
    Cgroup cgroup,
    Row row,
    SortedMap<MapName, Map<String, String>> fields,
    SortedMap<MapName, List<Explanation>> explanations,
    Set<MapName> overdue) {

  /** Copies what it is given. */
  public DesiredRow {
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    explanations = Collections.unmodifiableSortedMap(new TreeMap<>(explanations));
    overdue = Set.copyOf(overdue);
  }
}
