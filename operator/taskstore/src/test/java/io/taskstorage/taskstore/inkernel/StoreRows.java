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
  private int restarts;
  private int exchanges;

  /**
   * @param opener opens the store, again and again
   */
  StoreRows(Supplier<TaskStore> opener) {
    this.opener = opener;
    this.store = opener.get();
    install();
    MAPS.forEach(map -> store.publish(map.name()));
  }

  private void install() {
    MAPS.forEach(store::install);
    if (hasAnother) {
      store.install(ANOTHER);
    }
    rows.forEach(store::assign);
    store.sweep();
  }

  /** The agent ends, and after a while without one the next begins. */
  void restart() {
    store.close();
    store = opener.get();
    install();
    restarts++;
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
    exchanges++;
  }

  int restarts() {
    return restarts;
  }

  int exchanges() {
    return exchanges;
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
    Map<MapName, Value> values = new HashMap<>();
    for (int i = 0; i < MAPS.size(); i++) {
      MapName map = MAPS.get(i).name();
      row.get(i).ifPresent(value -> values.put(map, value));
    }
    rows.put(new CgroupId(cgroup), new Row(values));
    store.assign(new CgroupId(cgroup), new Row(values));
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
    store.close();
  }
}
