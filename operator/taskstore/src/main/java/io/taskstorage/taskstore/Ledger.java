package io.taskstorage.taskstore;

import io.taskstorage.layout.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What each task's entries were when the store last saw or wrote them: the row's value where they
 * were right. It says which tasks to look at when they are in no assigned cgroup any more, and
 * tells a change of ours from one by somebody else. A task is named by its number only: one that is
 * used again costs a look.
 */
final class Ledger {
  private final Map<MapName, Map<Integer, Value>> values = new HashMap<>();

  static Ledger copyOf(Ledger other) {
    Ledger copy = new Ledger();
    other.values.forEach((map, tasks) -> copy.values.put(map, new HashMap<>(tasks)));
    return copy;
  }

  void put(MapName map, int tid, Value value) {
    values.computeIfAbsent(map, m -> new HashMap<>()).put(tid, value);
  }

  Optional<Value> get(MapName map, int tid) {
    return Optional.ofNullable(values.getOrDefault(map, Map.of()).get(tid));
  }

  /** The task has no entry in this map. */
  void forget(MapName map, int tid) {
    Map<Integer, Value> tasks = values.get(map);
    if (tasks != null) {
      tasks.remove(tid);
    }
  }

  /** The task is gone. */
  void forget(int tid) {
    values.values().forEach(tasks -> tasks.remove(tid));
  }

  /** The map is gone. */
  void forget(MapName map) {
    values.remove(map);
  }

  /** Tasks with an entry in this map. */
  int count(MapName map) {
    return values.getOrDefault(map, Map.of()).size();
  }

  /** Tasks with an entry in any map. */
  Set<Integer> tids() {
    Set<Integer> tids = new HashSet<>();
    values.values().forEach(tasks -> tids.addAll(tasks.keySet()));
    return tids;
  }
}
