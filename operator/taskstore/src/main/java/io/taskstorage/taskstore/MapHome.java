package io.taskstorage.taskstore;

import io.taskstorage.bpf.TaskEntries;

/** Where a store's maps live: pinned in bpffs, or in this process. */
interface MapHome extends AutoCloseable {
  /** A map that can be written to, and how it came to be. */
  record Held(Installation installation, TaskEntries entries) {}

  /** As {@link TaskStore#install}; called again for a map that it holds: adopted, same entries. */
  Held install(StoreMap map);

  /** As {@link TaskStore#publish}, of a map that it holds. */
  void publish(MapName map);

  /** As {@link TaskStore#remove}. */
  void remove(MapName map, Reclaim reclaim);

  @Override
  void close();
}
