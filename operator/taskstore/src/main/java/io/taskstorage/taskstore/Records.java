package io.taskstorage.taskstore;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Bpffs;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.layout.Value;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The maps of this node as the agent's tree in bpffs remembers them, whether an agent runs or not:
 * needs neither the lock nor a manifest. Everything here throws {@link StoreException} where the
 * tree is not in bpffs, may not be read, or the kernel refuses.
 */
public final class Records {
  private Records() {}

  /** Every map in force or retained; none where no agent ever ran. */
  public static List<RecordedMap> list(PinTree tree) {
    requireBpffs(tree);
    List<RecordedMap> records = RecordFolders.read(tree);
    // Where it was unmounted meanwhile, what was read is less than what there is.
    requireBpffs(tree);
    return records;
  }

  private static void requireBpffs(PinTree tree) {
    if (!Files.isDirectory(tree.root()) || !Bpffs.isBpffs(tree.root())) {
      throw new StoreException(new StoreProblem.NotBpffs(tree.root()));
    }
  }

  /**
   * The map of this name that is public, else the one in force, else the one retained.
   *
   * @throws StoreException also if all there is of this name is a record of another version
   */
  public static Optional<RecordedMap> find(PinTree tree, MapName name) {
    List<RecordedMap> ofName = list(tree).stream().filter(r -> r.name().equals(name)).toList();
    Optional<RecordedMap> found =
        ofName.stream()
            .filter(r -> isPublic(tree, r))
            .findFirst()
            .or(() -> ofName.stream().findFirst());
    if (found.isEmpty()) {
      for (UnreadableRecord record : RecordFolders.unreadable(tree)) {
        if (record.mapName().equals(name.value())) {
          throw record.refusal();
        }
      }
    }
    return found;
  }

  /** Whether consumers find this map at its public path. */
  public static boolean isPublic(PinTree tree, RecordedMap map) {
    try {
      return MapInspection.isPublic(tree, map);
    } catch (BpfException e) {
      throw new StoreException(new StoreProblem.KernelRefused(e));
    }
  }

  /** Whether consumers find this map at its public path, and those alone that the tree lets in. */
  public static boolean isPublicAsWanted(PinTree tree, RecordedMap map) {
    return isPublic(tree, map) && PublicPins.isAsWanted(tree, map.bpfName());
  }

  /** How many entries of a recorded map were late, since it was made. */
  public static long late(RecordedMap map) {
    return RecordMemory.late(map.folder());
  }

  /** What an agent has left with {@link TaskStore#remember}. */
  public static Set<String> words(RecordedMap map) {
    return RecordMemory.words(map.folder());
  }

  /** The kernel's id of a recorded map. */
  public static int mapId(RecordedMap map) {
    return with(map, opened -> opened.info().id());
  }

  /** Every task with an entry, in the order of tids. */
  public static List<Entry> entries(RecordedMap map, Membership cgroups) {
    return with(map, opened -> EntryList.read(opened, cgroups));
  }

  /** Reads one task's entry. */
  public static EntryAccess.TaskResult get(RecordedMap map, int tid) {
    return with(map, opened -> access(opened).get(tid));
  }

  /** Creates or replaces one task's entry. */
  public static EntryAccess.TaskResult set(RecordedMap map, int tid, Value value) {
    return with(map, opened -> access(opened).set(tid, value));
  }

  /** Removes one task's entry. */
  public static EntryAccess.TaskResult delete(RecordedMap map, int tid) {
    return with(map, opened -> access(opened).delete(tid));
  }

  private static EntryAccess access(BpfMap map) {
    return new EntryAccess(map, Pidfd::openThread);
  }

  private interface WithMap<T> {
    T run(BpfMap map);
  }

  private static <T> T with(RecordedMap map, WithMap<T> action) {
    try (BpfMap opened = BpfMap.open(map.pin(), Access.READ_WRITE)) {
      return action.run(opened);
    } catch (BpfException e) {
      throw new StoreException(new StoreProblem.KernelRefused(e));
    }
  }
}
