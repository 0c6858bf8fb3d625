package io.taskstorage.taskstore;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Errno;
import io.taskstorage.taskstore.Adoption.FoundMap;
import io.taskstorage.taskstore.Adoption.PublicPin;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks at what is pinned and compares it with what is wanted; changes nothing. */
final class MapInspection {
  private MapInspection() {}

  /** The map of a record. */
  static FoundMap found(RecordedMap record, StoreMap wanted) {
    try (BpfMap map = BpfMap.open(record.pin(), Access.READ_ONLY)) {
      return new FoundMap(
          record,
          map.info().id(),
          NewMap.differences(wanted, map),
          RecordMemory.access(record.folder()));
    }
  }

  /** What is at a public path. */
  static PublicPin publicPin(Path path, StoreMap wanted) {
    Optional<FileStat> stat = PinFolders.stat(path);
    if (stat.isEmpty()) {
      return new PublicPin.Absent();
    }
    if (stat.get().isDirectory()) {
      return new PublicPin.OfOther("a directory, not a map");
    }
    if (stat.get().isSymlink()) {
      return new PublicPin.OfOther(
          "a symbolic link to "
              + PinFolders.readLink(path).orElse("something that is gone")
              + ", not a map");
    }
    return pin(path, stat.get(), wanted);
  }

  /** Whether the public pin of the record's name leads to the record's map. */
  static boolean isPublic(PinTree tree, RecordedMap record) {
    return isSameMap(tree.publicPin(record.bpfName()), record.pin());
  }

  /** Whether a map is pinned at the public path, and the same one in the record. */
  static boolean isSameMap(Path publicPin, Path recordPin) {
    if (PinFolders.stat(publicPin).filter(s -> !s.isDirectory() && !s.isSymlink()).isEmpty()) {
      return false;
    }
    Optional<Integer> id = mapId(publicPin);
    return id.isPresent() && id.equals(mapId(recordPin));
  }

  /** The id of the task storage map that is pinned there; nothing if it is something else. */
  static Optional<Integer> mapId(Path pin) {
    try (BpfMap map = BpfMap.open(pin, Access.READ_ONLY)) {
      return Optional.of(map.info().id());
    } catch (BpfException e) {
      if (isAboutThePin(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whether a refusal says what is pinned. A lack of descriptors, say, tells nothing about it. */
  private static boolean isAboutThePin(BpfException refusal) {
    return refusal.errno().equals(Errno.EINVAL) || refusal.errno().equals(Errno.ENOENT);
  }

  private static PublicPin pin(Path path, FileStat stat, StoreMap wanted) {
    try (BpfMap map = BpfMap.open(path, Access.READ_ONLY)) {
      List<String> differences = NewMap.differences(wanted, map);
      return new PublicPin.OfMap(map.info().id(), stat.uid(), stat.gid(), stat.mode(), differences);
    } catch (BpfException e) {
      if (!isAboutThePin(e)) {
        throw e;
      }
      return new PublicPin.OfOther("no task storage map (" + what(e) + ")");
    }
  }

  private static String what(BpfException refusal) {
    // Only a link refuses to be opened for reading alone (kernel/bpf/inode.c, bpf_obj_get_user).
    return refusal.hint().isEmpty() && refusal.errno().equals(Errno.EINVAL)
        ? "a link is pinned there"
        : refusal.hint().orElse(String.valueOf(refusal.getMessage()));
  }
}
