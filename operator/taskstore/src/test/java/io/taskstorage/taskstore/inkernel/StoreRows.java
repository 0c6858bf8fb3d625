package io.taskstorage.taskstore.inkernel;

import io.taskstorage.layout.Field;
import io.taskstorage.layout.Owner;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.TaskStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A plane in a {@link Race}: a store with the maps of {@link RaceCgroup#WORDS}. */
final class StoreRows implements RaceRows, AutoCloseable {
  private static final List<StoreMap> MAPS =
      List.of(
          map(
              "large",
              Field.array("before", ScalarType.U64, RaceCgroup.PROGRAM_WORD),
              Field.scalar("hits", ScalarType.U64).ownedBy(Owner.PROGRAM),
              Field.array(
                  "after",
                  ScalarType.U64,
                  RaceCgroup.WORDS.getFirst() - RaceCgroup.PROGRAM_WORD - 1)),
          map("small", Field.array("words", ScalarType.U64, RaceCgroup.WORDS.getLast())));

  /** Comes and goes, and no row speaks of it: another set of maps needs other programs. */
  private static final StoreMap ANOTHER = map("another", Field.scalar("word", ScalarType.U64));

  private final Supplier<TaskStore> opener;
  private final Map<CgroupId, Row> rows = new HashMap<>();
  private TaskStore store;
  private boolean hasAnother;
  private boolean isOpen = true;

  /**
   * Maps without rows, public.
   *
   * @param opener opens the store, again and again
   */
  StoreRows(Supplier<TaskStore> opener) {
    this(opener, Map.of(), false);
    MAPS.forEach(map -> store.publish(map.name()));
  }

  private StoreRows(
      Supplier<TaskStore> opener, Map<Long, List<Optional<Value>>> newest, boolean hasAnother) {
    this.opener = opener;
    this.hasAnother = hasAnother;
    newest.forEach((cgroup, row) -> rows.put(new CgroupId(cgroup), row(row)));
    this.store = opener.get();
    state();
  }

  /**
   * Takes over what another process has left, however that ended.
   *
   * @param newest all rows that there shall be
   * @param hasAnother whether the third map shall be there
   */
  static StoreRows takingOver(
      Supplier<TaskStore> opener, Map<Long, List<Optional<Value>>> newest, boolean hasAnother) {
    return new StoreRows(opener, newest, hasAnother);
  }

  /** States all there shall be, in the order of an agent: what shall go goes last. */
  private void state() {
    MAPS.forEach(store::install);
    if (hasAnother) {
      store.install(ANOTHER);
    }
    rows.forEach(store::assign);
    store.sweep();
    if (!hasAnother) {
      store.remove(ANOTHER.name(), Reclaim.DELETE);
      store.sweep();
    }
  }

  /** The agent ends, and after a while without one the next begins. */
  void restart() {
    letGo();
    open();
  }

  /** The agent ends, for another process to take over. */
  void letGo() {
    isOpen = false;
    store.close();
  }

  /** The same as {@link #takingOver}, after this one had let go. */
  void takeOver(Map<Long, List<Optional<Value>>> newest, boolean shallHaveAnother) {
    hasAnother = shallHaveAnother;
    rows.clear();
    newest.forEach((cgroup, row) -> rows.put(new CgroupId(cgroup), row(row)));
    open();
  }

  private void open() {
    store = opener.get();
    isOpen = true;
    state();
  }

  /** Other programs take over from those that are in force. */
  void exchange() {
    hasAnother = !hasAnother;
    if (hasAnother) {
      store.install(ANOTHER);
    } else {
      store.remove(ANOTHER.name(), Reclaim.DELETE);
    }
    store.sweep();
  }

  TaskStore store() {
    return store;
  }

  private static StoreMap map(String name, Field... fields) {
    return new StoreMap(
        new MapName(name),
        new BpfName(name),
        StructLayout.of(name, List.of(fields)),
        Reclaim.DELETE);
  }

  /** Where the maps are found. */
  static List<Path> pins(PinTree tree) {
    return MAPS.stream().map(map -> tree.publicPin(map.bpfName())).toList();
  }

  /** How many entries there are. */
  int entries() {
    return MAPS.stream().mapToInt(map -> store.entries(map.name()).size()).sum();
  }

  @Override
  public void assign(long cgroup, List<Optional<Value>> row) {
    rows.put(new CgroupId(cgroup), row(row));
    store.assign(new CgroupId(cgroup), row(row));
  }

  private static Row row(List<Optional<Value>> row) {
    Map<MapName, Value> values = new HashMap<>();
    for (int i = 0; i < MAPS.size(); i++) {
      MapName map = MAPS.get(i).name();
      row.get(i).ifPresent(value -> values.put(map, value));
    }
    return new Row(values);
  }

  @Override
  public void unassign(long cgroup) {
    rows.remove(new CgroupId(cgroup));
    store.unassign(new CgroupId(cgroup));
  }

  @Override
  public void sweep() {
    store.sweep();
  }

  @Override
  public void close() {
    if (isOpen) {
      store.close();
    }
  }
}
