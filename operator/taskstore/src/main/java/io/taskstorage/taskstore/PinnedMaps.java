package io.taskstorage.taskstore;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.DirectoryLock;
import io.taskstorage.taskstore.Adoption.FoundMap;
import io.taskstorage.taskstore.Adoption.PublicPin;
import io.taskstorage.taskstore.Adoption.UnreadableMap;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The maps of this node's kernel, pinned in bpffs. Closing it releases its descriptors and the
 * lock; pins, maps and entries stay in the kernel.
 */
final class PinnedMaps implements MapHome {
  private final PinTree tree;
  private final PinFolders folders;
  private final RecordFolders records;
  private final RecordMemory memory;
  private final PublicPins publicPins;
  private final DirectoryLock lock;
  private final Map<MapName, Current> held = new HashMap<>();

  /** A map in use and where its record is. */
  private record Current(StoreMap spec, Path record, BpfMap map) {}

  /** Takes over the lock, which was got on the agent's folder. */
  PinnedMaps(PinTree tree, PinFolders folders, DirectoryLock lock) {
    this.tree = tree;
    this.folders = folders;
    this.records = new RecordFolders(tree, folders);
    this.memory = new RecordMemory(folders);
    this.publicPins = new PublicPins(tree, folders);
    this.lock = lock;
    records.removeResidue();
    publicPins.bringInLine();
  }

  @Override
  public Held install(StoreMap wanted) {
    return refusing(
        () ->
            switch (decide(wanted)) {
              case Adoption.Create() -> make(wanted, new Installation.Created());
              case Adoption.Replace(FoundMap old, List<String> differences) ->
                  make(
                      wanted,
                      new Installation.Replaced(old.record().layout().digest(), differences));
              case Adoption.Adopt(FoundMap from) -> adopt(wanted, from.record());
              case Adoption.Foreign foreign -> throw foreign(wanted.bpfName(), foreign);
              case Adoption.Unreadable(var record) -> throw record.refusal();
              case Adoption.Taken(MapName holder) ->
                  throw new StoreException(
                      new StoreProblem.BpfNameTaken(wanted.bpfName(), wanted.name(), holder));
            });
  }

  @Override
  public void publish(MapName name) {
    Current current = current("publish", name);
    BpfName bpfName = current.spec().bpfName();
    refusing(
        () -> {
          switch (decide(current.spec())) {
            case Adoption.Foreign foreign -> throw foreign(bpfName, foreign);
            case Adoption.Unreadable(var record) -> throw record.refusal();
            case Adoption.Create _, Adoption.Adopt _, Adoption.Replace _, Adoption.Taken _ -> {}
          }
          publicPins.put(current.map(), current.spec(), current.record());
          dropSuperseded(current);
          return name;
        });
  }

  @Override
  public boolean isTakingOver(MapName name) {
    Current current = current("look at", name);
    Path pin = tree.publicPin(current.spec().bpfName());
    return MapInspection.publicPin(pin, current.spec()) instanceof PublicPin.OfMap there
        && there.mapId() != current.map().info().id();
  }

  @Override
  public void remove(MapName name, Reclaim reclaim) {
    Current current = held.remove(name);
    if (current != null) {
      current.map().close();
    }
    refusing(
        () -> {
          for (RecordedMap record : RecordFolders.read(tree)) {
            if (record.retained() || !record.name().equals(name)) {
              continue;
            }
            if (reclaim == Reclaim.RETAIN && isKept(record)) {
              // What was in force with it is so no longer.
              memory.forgetWords(record.folder());
              records.retain(record);
            } else {
              unpublish(record);
              records.drop(record);
            }
          }
          return name;
        });
  }

  @Override
  public long late(MapName name) {
    return RecordMemory.late(current("late", name).record());
  }

  @Override
  public void addLate(MapName name, int entries) {
    if (entries > 0) {
      Path record = current("late", name).record();
      memory.setLate(record, RecordMemory.late(record) + entries);
    }
  }

  @Override
  public void remember(MapName name, Set<String> words) {
    memory.setWords(current("remember", name).record(), words);
  }

  @Override
  public void close() {
    held.values().forEach(current -> current.map().close());
    held.clear();
    lock.close();
  }

  private Adoption decide(StoreMap wanted) {
    List<FoundMap> found =
        RecordFolders.read(tree).stream()
            .filter(record -> record.bpfName().equals(wanted.bpfName()))
            .map(record -> MapInspection.found(record, wanted))
            .toList();
    PublicPin pin = MapInspection.publicPin(tree.publicPin(wanted.bpfName()), wanted);
    List<UnreadableMap> unreadable =
        RecordFolders.unreadable(tree).stream()
            .flatMap(
                record ->
                    MapInspection.mapId(record.pin()).stream()
                        .map(id -> new UnreadableMap(record, id)))
            .toList();
    return Adoption.decide(wanted, found, unreadable, pin, publicPins.ours());
  }

  private Held make(StoreMap wanted, Installation how) {
    BpfMap map = NewMap.create(wanted);
    try {
      Path pin = records.begin(wanted);
      pin(map, pin);
      return hold(wanted, pin, map, how);
    } catch (RuntimeException e) {
      map.close();
      throw e;
    }
  }

  private Held adopt(StoreMap wanted, RecordedMap from) {
    BpfMap map = BpfMap.open(from.pin(), Access.READ_WRITE);
    try {
      Path pin = from.pin();
      if (!from.layout().equals(wanted.layout())) {
        // Other owners of the same bytes: another record, the same map.
        pin = records.begin(wanted);
        memory.inherit(PinTree.parent(pin), from.folder());
        pin(map, pin);
        records.drop(from);
      } else if (from.retained()) {
        pin = records.bringBack(from, wanted).resolve(PinTree.MAP_PIN);
      }
      Held adopted = hold(wanted, pin, map, new Installation.Adopted());
      if (MapInspection.isSameMap(tree.publicPin(wanted.bpfName()), pin)) {
        // Nobody publishes it again, and what it took the place of may still be there: who
        // published it may have died right after.
        dropSuperseded(current("adopt", wanted.name()));
      }
      return adopted;
    } catch (RuntimeException e) {
      map.close();
      throw e;
    }
  }

  private Held hold(StoreMap wanted, Path pin, BpfMap map, Installation how) {
    Path record = PinTree.parent(pin);
    records.setReclaim(record, wanted.reclaim());
    Current before = held.put(wanted.name(), new Current(wanted, record, map));
    if (before != null) {
      before.map().close();
    }
    return new Held(how, map);
  }

  /** Older layouts of the map, its older names, and what was kept under this name. */
  private void dropSuperseded(Current current) {
    for (RecordedMap record : RecordFolders.read(tree)) {
      boolean sameMap = !record.retained() && record.name().equals(current.spec().name());
      boolean sameName = record.bpfName().equals(current.spec().bpfName());
      if (record.folder().equals(current.record()) || !(sameMap || sameName)) {
        continue;
      }
      if (!sameName) {
        unpublish(record);
      }
      records.drop(record);
    }
  }

  /** Of several records of one map the public one is kept, else the one in use. */
  private boolean isKept(RecordedMap record) {
    return MapInspection.isPublic(tree, record)
        || PinFolders.stat(tree.publicPin(record.bpfName())).isEmpty();
  }

  private void unpublish(RecordedMap record) {
    if (MapInspection.isPublic(tree, record)) {
      folders.remove(tree.publicPin(record.bpfName()));
    }
  }

  private void pin(BpfMap map, Path path) {
    map.pin(path);
    folders.pinned(path);
  }

  private Current current(String operation, MapName name) {
    Current current = held.get(name);
    if (current == null) {
      throw new IllegalArgumentException(operation + ": map " + name + " is not installed");
    }
    return current;
  }

  private StoreException foreign(BpfName bpfName, Adoption.Foreign foreign) {
    return new StoreException(
        new StoreProblem.ForeignPin(tree.publicPin(bpfName), foreign.why(), foreign.mend()));
  }

  private interface Action<T> {
    T run();
  }

  private static <T> T refusing(Action<T> action) {
    try {
      return action.run();
    } catch (BpfException e) {
      throw new StoreException(new StoreProblem.KernelRefused(e));
    }
  }
}
