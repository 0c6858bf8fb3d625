package io.taskstorage.taskstore;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What of ours is in a bpffs, one line for each path: mode, path, and where a symlink leads. A
 * fresh mount has two iterators of the kernel's own, which are left out.
 */
final class PinListing {
  private PinListing() {}

  /** All of it, sorted, paths from the root. */
  static List<String> of(Path bpffs) {
    List<String> lines = new ArrayList<>();
    list(bpffs, bpffs, lines);
    return lines;
  }

  /** The kernel's id of a pinned map. */
  static int mapId(Path pin) {
    try (BpfMap map = BpfMap.open(pin, Access.READ_ONLY)) {
      return map.info().id();
    }
  }

  private static void list(Path root, Path folder, List<String> lines) {
    for (Path path : PinFolders.list(folder)) {
      if (path.toString().endsWith(".debug")) {
        continue;
      }
      FileStat stat = PinFolders.stat(path).orElseThrow();
      String relative = root.relativize(path).toString();
      if (stat.isSymlink()) {
        lines.add(relative + " -> " + PinFolders.readLink(path).orElseThrow());
      } else if (stat.isDirectory()) {
        lines.add(stat.modeText() + " " + relative + "/");
        list(root, path, lines);
      } else {
        lines.add(stat.modeText() + " " + relative);
      }
    }
  }
}
