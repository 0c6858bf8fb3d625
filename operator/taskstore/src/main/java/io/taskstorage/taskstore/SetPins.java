package io.taskstorage.taskstore;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pins of a set of programs as they were when it came in force. What is pinned at a path never
 * changes without another inode, so one look at each tells whether all lead where they led.
 */
final class SetPins {
  /** Of a pin that was not there. */
  private static final long NONE = -1;

  private final Map<Path, Long> inodes = new LinkedHashMap<>();

  /** As they are now. */
  SetPins(List<Path> pins) {
    pins.forEach(pin -> inodes.put(pin, inode(pin)));
  }

  /** Those that are gone, or replaced, since. */
  List<Path> lost() {
    return inodes.entrySet().stream()
        .filter(pin -> pin.getValue() == NONE || pin.getValue() != inode(pin.getKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** What cannot be looked at counts as not there. */
  private static long inode(Path pin) {
    try {
      return PinFolders.stat(pin).map(FileStat::inode).orElse(NONE);
    } catch (StoreException e) {
      return NONE;
    }
  }
}
