package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.taskstore.inkernel.ProgramSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Brings sets of programs in force, so that at no moment none is. */
final class ProgramSets {
  private final ProgramFolders folders;
  private final StatedRows rows;

  /**
   * @param rows those that every set gets
   */
  ProgramSets(ProgramFolders folders, StatedRows rows) {
    this.folders = folders;
    this.rows = rows;
  }

  /**
   * What an earlier process left in force, where it fits; else another set, pinned beside it. All
   * rows are in it, as far as there is room.
   *
   * @param isFirst this process has brought none in force yet
   * @throws StoreException if the kernel refuses; what was in force stays so
   */
  ProgramSet inForce(List<ManagedMap> maps, boolean isFirst) {
    List<ProgramSet.SetMap> now = maps.stream().map(ProgramSets::ofSet).toList();
    Optional<Path> left = isFirst ? folders.newest() : Optional.empty();
    Optional<ProgramSet> adopted = left.flatMap(folder -> ProgramSet.adopt(now, folder));
    if (adopted.isPresent()) {
      return adopted(adopted.get(), maps, left.orElseThrow());
    }
    ProgramSet next = ProgramSet.load(now);
    try {
      rows.putAll(new StatedRows.Target(next, maps));
      next.attach();
      Path folder = folders.begin();
      next.pin(folder, folders::pinned);
      folders.complete(folder);
      folders.dropAllBut(folder);
      return next;
    } catch (RuntimeException e) {
      next.close();
      throw e;
    }
  }

  /** Its rows become those that were stated to this process, and none besides. */
  private ProgramSet adopted(ProgramSet earlier, List<ManagedMap> maps, Path folder) {
    try {
      rows.putAll(new StatedRows.Target(earlier, maps));
      for (long cgroup : earlier.cgroups()) {
        if (!rows.contains(new CgroupId(cgroup))) {
          earlier.unassign(cgroup);
        }
      }
      folders.dropAllBut(folder);
      return earlier;
    } catch (RuntimeException e) {
      earlier.close();
      throw e;
    }
  }

  private static ProgramSet.SetMap ofSet(ManagedMap map) {
    if (!(map.entries() instanceof BpfMap entries)) {
      throw new IllegalStateException("load programs for " + map.name() + ": not a kernel map");
    }
    return new ProgramSet.SetMap(
        entries, map.spec().layout().sizeBytes(), map.spec().layout().ownedRanges());
  }

  /** No set stays in force once those that are open are closed. */
  void dropAll() {
    folders.dropAll();
  }
}
