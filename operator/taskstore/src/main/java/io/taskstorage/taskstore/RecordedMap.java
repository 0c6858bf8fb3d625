package io.taskstorage.taskstore;

import io.taskstorage.layout.StructLayout;
import java.nio.file.Path;

/**
 * What the agent's tree in bpffs says of one map, without the manifest that it came from.
 *
 * @param retained whether its TaskStorageMap went and it was kept
 * @param folder where the record is
 */
public record RecordedMap(
    MapName name,
    BpfName bpfName,
    StructLayout layout,
    Reclaim reclaim,
    boolean retained,
    Path folder) {

  /** The agent's own pin of the map, there whether or not the map is public yet. */
  public Path pin() {
    return folder.resolve(PinTree.MAP_PIN);
  }
}
