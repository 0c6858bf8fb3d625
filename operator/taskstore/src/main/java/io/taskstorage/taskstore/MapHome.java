package io.taskstorage.taskstore;

import io.taskstorage.bpf.TaskEntries;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a store's maps live: pinned in bpffs, or in this process. */
interface MapHome extends AutoCloseable {
  /** A map that can be written to, and how it came to be. */
  record Held(Installation installation, TaskEntries entries) {}

  /** As {@link TaskStore#install}; called again for a map that it holds: adopted, same entries. */
  Held install(StoreMap map);

  /** As {@link TaskStore#publish}, of a map that it holds. */
  void publish(MapName map);

  /** Whether another map is public in place of one that it holds, until that is published. */
  boolean isTakingOver(MapName map);

  /** As {@link TaskStore#remove}. */
  void remove(MapName map, Reclaim reclaim);

  /** How many entries of a map that it holds were late, since the map was made. */
  long late(MapName map);

  /** So many more entries of a map that it holds were late. */
  void addLate(MapName map, int entries);

  /** As {@link TaskStore#remember}, of a map that it holds. */
  void remember(MapName map, Set<String> words);

  /** How many entries of each of these maps were late. */
  default Map<MapName, Long> late(Set<MapName> maps) {
    return maps.stream().collect(Collectors.toMap(map -> map, this::late));
  }

  /** Adds up what a pass has counted in maps that it holds. */
  default void addLate(SweepResult swept, Set<MapName> maps) {
    maps.forEach(map -> addLate(map, swept.counts(map).late()));
  }

  @Override
  void close();
}
