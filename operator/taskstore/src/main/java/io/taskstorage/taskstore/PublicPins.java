package io.taskstorage.taskstore;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.taskstore.Adoption.PublicPin;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Puts maps at their public paths. What is seen there has mode and group as wanted from its first
 * moment on: it gets them in the agent's own folder, where nobody else comes.
 *
 * <p>The record remembers whom an agent lets in beyond the owner, before it does. So a successor
 * that is asked for another mode tells what an agent did from what somebody else did.
 */
final class PublicPins {
  private final PinTree tree;
  private final PinFolders folders;
  private final RecordMemory memory;
  private final PinAccess wanted;

  PublicPins(PinTree tree, PinFolders folders) {
    this.tree = tree;
    this.folders = folders;
    this.memory = new RecordMemory(folders);
    this.wanted = tree.access();
  }

  /** What our pins are like. */
  Adoption.Ours ours() {
    return new Adoption.Ours(ProcFs.ownUid(), wanted);
  }

  /** Whether what is at a public path lets in whom it shall. */
  static boolean isAsWanted(PinTree tree, BpfName bpfName) {
    return PinFolders.stat(tree.publicPin(bpfName))
        .filter(stat -> tree.access().isThatOf(stat.mode(), stat.gid()))
        .isPresent();
  }

  /**
   * What earlier processes left public lets in whom it shall from now on, and nobody is owed
   * anything else: also where its map is only kept, or nobody says yet what is to become of it.
   *
   * <p>What somebody else has changed, or may not be changed, stays. Who installs or publishes that
   * map is told.
   */
  void bringInLine() {
    for (RecordedMap record : RecordFolders.read(tree)) {
      boolean isRemembered =
          RecordMemory.access(record.folder())
              .equals(wanted.isShared() ? List.of(wanted) : List.of());
      boolean isSettled = isRemembered && isAsWanted(tree, record.bpfName());
      if (!isSettled && MapInspection.isPublic(tree, record)) {
        bringInLine(record);
      }
    }
  }

  /** The path leads to the map; what is there already is ours. */
  void put(BpfMap map, StoreMap spec, Path record) {
    BpfName bpfName = spec.bpfName();
    int id = map.info().id();
    switch (MapInspection.publicPin(tree.publicPin(bpfName), spec)) {
      case PublicPin.Absent() -> make(map, bpfName, record);
      case PublicPin.OfMap found when found.mapId() != id -> replace(map, bpfName, record);
      case PublicPin.OfMap _ -> bringInLine(map, bpfName, record);
      case PublicPin.OfOther _ -> {}
    }
  }

  private void bringInLine(RecordedMap record) {
    Optional<FileStat> stat = PinFolders.stat(tree.publicPin(record.bpfName()));
    if (stat.isEmpty() || isForeign(record.bpfName(), stat.get())) {
      return;
    }
    try (BpfMap map = BpfMap.open(record.pin(), Access.READ_WRITE)) {
      bringInLine(map, record.bpfName(), record.folder());
    } catch (StoreException e) {
      // A group that is refused is refused to whoever publishes this map or another one, too.
      return;
    }
  }

  private boolean isForeign(BpfName bpfName, FileStat pin) {
    Stream<PinAccess> earlier =
        RecordFolders.read(tree).stream()
            .filter(record -> record.bpfName().equals(bpfName))
            .filter(record -> MapInspection.isPublic(tree, record))
            .flatMap(record -> RecordMemory.access(record.folder()).stream());
    return Adoption.foreign(pin.uid(), pin.gid(), pin.mode(), earlier, ours()).isPresent();
  }

  private void bringInLine(BpfMap map, BpfName bpfName, Path record) {
    if (isAsWanted(tree, bpfName)) {
      memory.setAccess(record, List.of(wanted));
    } else {
      replace(map, bpfName, record);
    }
  }

  /** Not by rename: should something have come to the path meanwhile, this is refused. */
  private void make(BpfMap map, BpfName bpfName, Path record) {
    Path pin = tree.publicPin(bpfName);
    if (!wanted.isShared()) {
      memory.setAccess(record, List.of());
      map.pin(pin);
      folders.pinned(pin);
      return;
    }
    Path staged = stage(map, bpfName);
    memory.setAccess(record, List.of(wanted));
    try {
      folders.link(staged, pin);
    } catch (StoreException e) {
      folders.remove(staged);
      throw e;
    }
    folders.remove(staged);
  }

  /** The pin of before or this one is at the path, when this process ends in between. */
  private void replace(BpfMap map, BpfName bpfName, Path record) {
    Path staged = stage(map, bpfName);
    memory.addAccess(record, wanted);
    folders.rename(staged, tree.publicPin(bpfName));
    memory.setAccess(record, List.of(wanted));
  }

  private Path stage(BpfMap map, BpfName bpfName) {
    Path staged = tree.stagedPin(bpfName);
    folders.remove(staged);
    map.pin(staged);
    folders.pinned(staged);
    try {
      folders.admit(staged, wanted, tree.publicPin(bpfName));
    } catch (StoreException e) {
      // It would keep the map when that is removed.
      folders.remove(staged);
      throw e;
    }
    return staged;
  }
}
