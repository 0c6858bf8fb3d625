package io.taskstorage.taskstore;

import io.taskstorage.layout.StructLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads and writes the records of maps in the agent's folder.
 *
 * <p>bpffs takes pins, folders and symlinks, but no files, so a record's text is in the targets of
 * symlinks. The pin of the map is made last and removed first: a folder without it is residue.
 */
final class RecordFolders {
  private final PinTree tree;
  private final PinFolders folders;

  RecordFolders(PinTree tree, PinFolders folders) {
    this.tree = tree;
    this.folders = folders;
  }

  /** Every complete record, in force before retained, in the order of names. */
  static List<RecordedMap> read(PinTree tree) {
    List<RecordedMap> found = new ArrayList<>();
    for (Path folder : folders(tree.maps())) {
      read(folder, false).ifPresent(found::add);
    }
    for (Path folder : folders(tree.retained())) {
      read(folder, true).ifPresent(found::add);
    }
    return found;
  }

  /** Removes what a crash left: half a record, half a removal, a pin on its way, empty folders. */
  void removeResidue() {
    PinFolders.list(tree.staging()).forEach(folders::removeTree);
    for (Path top : List.of(tree.maps(), tree.retained())) {
      for (Path folder : folders(top)) {
        if (PinFolders.stat(folder.resolve(PinTree.MAP_PIN)).isEmpty()) {
          folders.removeTree(folder);
        }
      }
      for (Path map : PinFolders.list(top)) {
        PinFolders.list(map).forEach(folders::removeIfEmpty);
        folders.removeIfEmpty(map);
      }
    }
  }

  /** Writes all of a record but its pin, and says where that belongs. */
  Path begin(StoreMap map) {
    Path folder = freeFolder(map);
    folders.makeFolder(folder);
    String text = map.layout().toText();
    int chunk = 0;
    for (int at = 0; at < text.length(); at += PinTree.MAX_SYMLINK_CHARS) {
      int end = Math.min(text.length(), at + PinTree.MAX_SYMLINK_CHARS);
      folders.symlink(folder.resolve(PinTree.LAYOUT_LINK + chunk++), text.substring(at, end));
    }
    folders.symlink(folder.resolve(PinTree.RECLAIM_LINK), map.reclaim().wireName());
    return folder.resolve(PinTree.MAP_PIN);
  }

  /** Brings a kept record back among those in force, under the name of its new map. */
  Path bringBack(RecordedMap record, StoreMap as) {
    Path folder = freeFolder(as);
    folders.makeFolder(PinTree.parent(folder));
    folders.rename(record.folder(), folder);
    removeEmptyAbove(record.folder());
    return folder;
  }

  /** Keeps a record whose map went. */
  void retain(RecordedMap record) {
    Path folder =
        free(
            tree.retained()
                .resolve(record.name().value())
                .resolve(record.bpfName().value())
                .resolve(PinTree.version(record.layout())));
    folders.makeFolder(PinTree.parent(folder));
    folders.rename(record.folder(), folder);
    removeEmptyAbove(record.folder());
  }

  /** Removes a record and the pin in it. */
  void drop(RecordedMap record) {
    folders.remove(record.pin());
    folders.removeTree(record.folder());
    removeEmptyAbove(record.folder());
  }

  /** Writes down what is to become of the map at the end. */
  void setReclaim(Path folder, Reclaim reclaim) {
    Path link = folder.resolve(PinTree.RECLAIM_LINK);
    if (PinFolders.readLink(link).filter(reclaim.wireName()::equals).isPresent()) {
      return;
    }
    Path next = folder.resolve(PinTree.RECLAIM_LINK + "_new");
    folders.remove(next);
    folders.symlink(next, reclaim.wireName());
    folders.rename(next, link);
  }

  private static Optional<RecordedMap> read(Path folder, boolean retained) {
    if (PinFolders.stat(folder.resolve(PinTree.MAP_PIN)).isEmpty()) {
      return Optional.empty();
    }
    String mapName = name(PinTree.parent(PinTree.parent(folder)));
    String bpfName = name(PinTree.parent(folder));
    Optional<StructLayout> layout = layout(folder);
    if (layout.isEmpty() || !MapName.isValid(mapName) || !BpfName.isValid(bpfName)) {
      return Optional.empty();
    }
    Reclaim reclaim =
        PinFolders.readLink(folder.resolve(PinTree.RECLAIM_LINK))
            .flatMap(Reclaim::ofWireName)
            .orElse(Reclaim.DELETE);
    return Optional.of(
        new RecordedMap(
            new MapName(mapName), new BpfName(bpfName), layout.get(), reclaim, retained, folder));
  }

  private static Optional<StructLayout> layout(Path folder) {
    StringBuilder text = new StringBuilder();
    for (int chunk = 0; ; chunk++) {
      Optional<String> part = PinFolders.readLink(folder.resolve(PinTree.LAYOUT_LINK + chunk));
      if (part.isEmpty()) {
        break;
      }
      text.append(part.get());
    }
    try {
      return Optional.of(StructLayout.parse(text.toString()));
    } catch (IllegalArgumentException e) {
      // Written by a version that knows more than this one: not ours to read.
      return Optional.empty();
    }
  }

  private static List<Path> folders(Path top) {
    List<Path> found = new ArrayList<>();
    for (Path map : PinFolders.list(top)) {
      for (Path bpfName : PinFolders.list(map)) {
        found.addAll(PinFolders.list(bpfName));
      }
    }
    return found;
  }

  private Path freeFolder(StoreMap map) {
    return free(tree.record(tree.maps(), map.name(), map.bpfName(), map.layout()));
  }

  /** Two records of one layout stand beside each other while a damaged map is replaced. */
  private static Path free(Path folder) {
    Path free = folder;
    for (int i = 2; PinFolders.stat(free).isPresent(); i++) {
      free = folder.resolveSibling(name(folder) + "_" + i);
    }
    return free;
  }

  private void removeEmptyAbove(Path folder) {
    folders.removeIfEmpty(PinTree.parent(folder));
    folders.removeIfEmpty(PinTree.parent(PinTree.parent(folder)));
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
