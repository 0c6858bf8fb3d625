package io.taskstorage.agent.compute;

import io.taskstorage.policy.Explanation;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Row;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * A cgroup whose tasks carry other values than those of the cgroup above it.
 *
 * @param cgroup the cgroup
 * @param resolved what they carry, and why
 * @param overdue the maps whose value here follows from policies that were in force when the cgroup
 *     came: its tasks ought to have had it from their first instruction on
 */
public record DesiredRow(Cgroup cgroup, Resolved resolved, Set<MapName> overdue) {

  /** Copies the set. */
  public DesiredRow {
    overdue = Set.copyOf(overdue);
  }

  /** What every map holds for its tasks. */
  public Row row() {
    return resolved.row();
  }

  /** The decoded fields of each map, as people read them. */
  public SortedMap<MapName, Map<String, String>> fields() {
    return resolved.fields();
  }

  /** For each map, who decides each field. */
  public SortedMap<MapName, List<Explanation>> explanations() {
    return resolved.explanations();
  }
}
