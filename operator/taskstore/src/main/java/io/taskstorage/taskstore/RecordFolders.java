package io.taskstorage.taskstore;

import io.taskstorage.layout.StructLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
    return found(tree).stream().flatMap(f -> f.readable().stream()).toList();
  }

  /** Every complete record that this version does not understand. */
  static List<UnreadableRecord> unreadable(PinTree tree) {
    return found(tree).stream().flatMap(f -> f.unreadable().stream()).toList();
  }

  /** Every folder of a complete record, understood or not. */
  static List<Path> complete(PinTree tree) {
    return Stream.of(tree.maps(), tree.retained())
        .flatMap(top -> folders(top).stream())
        .filter(folder -> PinFolders.stat(folder.resolve(PinTree.MAP_PIN)).isPresent())
        .toList();
  }

  /** The name of the public pin that a record's map has or had. */
  static String pinName(Path folder) {
    return name(PinTree.parent(folder));
  }

  /** At most one of the two. */
  private record Found(Optional<RecordedMap> readable, Optional<UnreadableRecord> unreadable) {}

  private static List<Found> found(PinTree tree) {
    return complete(tree).stream()
        .map(folder -> read(folder, folder.startsWith(tree.retained())))
        .toList();
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
    folders.replaceLink(folder.resolve(PinTree.RECLAIM_LINK), reclaim.wireName());
  }

  private static Found read(Path folder, boolean retained) {
    String mapName = name(PinTree.parent(PinTree.parent(folder)));
    String bpfName = pinName(folder);
    if (!MapName.isValid(mapName)) {
      return unreadable(mapName, folder, "map name " + mapName);
    }
    if (!BpfName.isValid(bpfName)) {
      return unreadable(mapName, folder, "bpfName " + bpfName);
    }
    String layoutText = layoutText(folder);
    Optional<StructLayout> layout = layout(layoutText);
    if (layout.isEmpty()) {
      return unreadable(mapName, folder, "layout " + layoutText);
    }
    Reclaim reclaim =
        PinFolders.readLink(folder.resolve(PinTree.RECLAIM_LINK))
            .flatMap(Reclaim::ofWireName)
            .orElse(Reclaim.DELETE);
    RecordedMap record =
        new RecordedMap(
            new MapName(mapName), new BpfName(bpfName), layout.get(), reclaim, retained, folder);
    return new Found(Optional.of(record), Optional.empty());
  }

  private static Found unreadable(String mapName, Path folder, String what) {
    UnreadableRecord record = new UnreadableRecord(mapName, folder, what);
    // Whoever reads without the lock may have met a record that was just removed.
    return new Found(
        Optional.empty(), Optional.of(record).filter(r -> PinFolders.stat(r.pin()).isPresent()));
  }

  private static String layoutText(Path folder) {
    StringBuilder text = new StringBuilder();
    for (int chunk = 0; ; chunk++) {
      Optional<String> part = PinFolders.readLink(folder.resolve(PinTree.LAYOUT_LINK + chunk));
      if (part.isEmpty()) {
        break;
      }
      text.append(part.get());
    }
    return text.toString();
  }

  private static Optional<StructLayout> layout(String text) {
    try {
      return Optional.of(StructLayout.parse(text));
    } catch (IllegalArgumentException e) {
      // Written by a version that knows more than this one.
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
