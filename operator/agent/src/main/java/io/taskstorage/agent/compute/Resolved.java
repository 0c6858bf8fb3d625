package io.taskstorage.agent.compute;

import io.taskstorage.policy.Explanation;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Row;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What policies come to for whoever they select: all cgroups that the same policies select share
 * one instance, unless a value is computed for each.
 *
 * @param row what every map holds
 * @param fields the decoded fields of each map, in declared order, as people read them
 * @param explanations for each map, who decides each field
 */
public record Resolved(
    Row row,
    SortedMap<MapName, Map<String, String>> fields,
    SortedMap<MapName, List<Explanation>> explanations) {

  /** Copies what it is given. */
  public Resolved {
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    explanations = Collections.unmodifiableSortedMap(new TreeMap<>(explanations));
  }
}
