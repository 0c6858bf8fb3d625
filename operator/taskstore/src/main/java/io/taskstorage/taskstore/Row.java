package io.taskstorage.taskstore;

import io.taskstorage.layout.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What every map holds for the tasks of a cgroup and of those below it that have no row of their
 * own. A row is complete: a map that it does not name has no entry for these tasks.
 */
public record Row(Map<MapName, Value> values) {
  /** No entries at all: shields a cgroup from the row of an ancestor. */
  public static final Row EMPTY = new Row(Map.of());

  public Row {
    values = Map.copyOf(values);
  }

  /** The bytes for one map, or nothing where these tasks have no entry. */
  public Optional<Value> value(MapName map) {
    return Optional.ofNullable(values.get(map));
  }

  /** The same row without one map. */
  Row without(MapName map) {
    if (!values.containsKey(map)) {
      return this;
    }
    Map<MapName, Value> others = new HashMap<>(values);
    others.remove(map);
    return new Row(others);
  }
}
