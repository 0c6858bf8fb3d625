package io.taskstorage.taskstore;

import io.taskstorage.layout.StructLayout;

/** What a store is asked to make: one kernel map and what becomes of it at the end. */
public record StoreMap(MapName name, BpfName bpfName, StructLayout layout, Reclaim reclaim) {}
