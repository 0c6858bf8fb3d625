package io.taskstorage.agent.demo;

import io.taskstorage.agent.print.EntryTable;
import io.taskstorage.layout.Decoder;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.taskstore.Entry;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.TaskStore;
import java.util.List;

/** The tasks that have an entry, as the demo shows them. */
final class Scene {
  private final TaskStore store;
  private final MapName map;
  private final StructLayout layout;
  private final String top;

  Scene(TaskStore store, MapName map, StructLayout layout, String top) {
    this.store = store;
    this.map = map;
    this.layout = layout;
    this.top = top;
  }

  /**
   * Shows every entry, and makes sure that the story told the truth.
   *
   * @param expected for each task with an entry its comm and fields, such as {@code front 42 1 shop
   *     0}
   * @throws StoryBroken if the entries are others
   */
  void show(Narrator narrator, String... expected) {
    List<Entry> entries = store.entries(map).stream().map(this::shortened).toList();
    narrator.table(EntryTable.of(layout, entries));
    List<String> found = entries.stream().map(this::line).sorted().toList();
    List<String> wanted = List.of(expected).stream().sorted().toList();
    if (!found.equals(wanted)) {
      throw new StoryBroken(
          "demo: the entries are " + found + ", not " + wanted + ": see what the agent said above");
    }
  }

  private Entry shortened(Entry entry) {
    String path = entry.cgroupPath();
    return new Entry(
        entry.tid(),
        entry.tgid(),
        entry.comm(),
        path.startsWith(top) ? path.substring(top.length()) : path,
        entry.value());
  }

  private String line(Entry entry) {
    return entry.comm()
        + " "
        + String.join(" ", Decoder.display(layout, entry.value().toBytes()).values());
  }
}
