package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.taskstore.Adoption.PublicPin;
import java.nio.file.Path;
import java.util.List;

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
    this.wanted = wanted(tree);
  }

  /** Whom the pins shall let in. */
  PinAccess wanted() {
    return wanted;
  }

  /** Whether what is at a public path lets in whom it shall. */
  static boolean isAsWanted(PinTree tree, BpfName bpfName) {
    return PinFolders.stat(tree.publicPin(bpfName))
        .filter(stat -> wanted(tree).isThatOf(stat.mode(), stat.gid()))
        .isPresent();
  }

  /** The path leads to the map; what is there already is ours. */
  void put(BpfMap map, StoreMap spec, Path record) {
    Path pin = tree.publicPin(spec.bpfName());
    int id = map.info().id();
    switch (MapInspection.publicPin(pin, spec)) {
      case PublicPin.Absent() -> {
        memory.setAccess(record, List.of(wanted));
        make(map, spec.bpfName(), pin);
      }
      case PublicPin.OfMap found when found.mapId() != id -> {
        memory.setAccess(record, List.of(wanted));
        replace(map, spec.bpfName(), pin);
      }
      case PublicPin.OfMap found when !wanted.isThatOf(found.mode(), found.gid()) -> {
        // Either of them is at the path when this process ends between the two.
        memory.addAccess(record, wanted);
        replace(map, spec.bpfName(), pin);
        memory.setAccess(record, List.of(wanted));
      }
      case PublicPin.OfMap _ -> memory.setAccess(record, List.of(wanted));
      case PublicPin.OfOther _ -> {}
    }
  }

  /** The map was found at its path as it is wanted: nothing else is owed to an earlier process. */
  void settle(BpfName bpfName, Path record) {
    if (isAsWanted(tree, bpfName)) {
      memory.setAccess(record, List.of(wanted));
    }
  }

  private static PinAccess wanted(PinTree tree) {
    return tree.access().resolved(ProcFs.ownGid());
  }

  /** Not by rename: should something have come to the path meanwhile, this is refused. */
  private void make(BpfMap map, BpfName bpfName, Path pin) {
    if (wanted.equals(PinAccess.PRIVATE)) {
      map.pin(pin);
      folders.pinned(pin);
    } else {
      Path staged = stage(map, bpfName, pin);
      folders.link(staged, pin);
      folders.remove(staged);
    }
  }

  private void replace(BpfMap map, BpfName bpfName, Path pin) {
    folders.rename(stage(map, bpfName, pin), pin);
  }

  private Path stage(BpfMap map, BpfName bpfName, Path pin) {
    Path staged = tree.stagedPin(bpfName);
    folders.remove(staged);
    map.pin(staged);
    folders.pinned(staged);
    folders.admit(staged, wanted, pin);
    return staged;
  }
}
