package io.taskstorage.taskstore;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What lies at the public paths and in the sets of programs, as one walk found it: enough to tell
 * whether somebody has removed, replaced, renamed, chowned or chmodded any of it since. What a pin
 * leads to never changes without another inode.
 */
public final class PinSnapshot {
  /** Of a tree at which nobody has looked yet. */
  public static final PinSnapshot NOTHING = new PinSnapshot(Map.of());

  private final Map<Path, FileStat> found;

  private PinSnapshot(Map<Path, FileStat> found) {
    this.found = found;
  }

  /** Looks now; what cannot be looked at is not there. */
  public static PinSnapshot of(PinTree tree) {
    SortedMap<Path, FileStat> found = new TreeMap<>();
    for (Path folder : List.of(tree.publicFolder(), tree.programs())) {
      try {
        look(folder, found);
      } catch (StoreException e) {
        found.keySet().removeIf(path -> path.startsWith(folder));
      }
    }
    return new PinSnapshot(found);
  }

  private static void look(Path path, Map<Path, FileStat> found) {
    PinFolders.stat(path)
        .ifPresent(
            stat -> {
              found.put(path, stat);
              if (stat.isDirectory()) {
                PinFolders.list(path).forEach(child -> look(child, found));
              }
            });
  }

  /** The folders in which pins come and go. */
  public List<Path> folders() {
    return found.entrySet().stream()
        .filter(each -> each.getValue().isDirectory())
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PinSnapshot that && found.equals(that.found);
  }

  @Override
  public int hashCode() {
    return found.hashCode();
  }
}
