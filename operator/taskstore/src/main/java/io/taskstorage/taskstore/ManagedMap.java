package io.taskstorage.taskstore;

import io.taskstorage.bpf.TaskEntries;

/** An installed map and the way to its entries. */
record ManagedMap(StoreMap spec, TaskEntries entries) {
  MapName name() {
    return spec.name();
  }
}
