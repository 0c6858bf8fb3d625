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

/** A plane in a {@link Race}: a store with the maps of {@link RaceCgroup#WORDS}. */
final class StoreRows implements RaceRows {
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

  private final TaskStore store;

  StoreRows(TaskStore store) {
    this.store = store;
    MAPS.forEach(store::install);
    store.sweep();
    MAPS.forEach(map -> store.publish(map.name()));
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
    store.assign(new CgroupId(cgroup), new Row(values));
  }

  @Override
  public void unassign(long cgroup) {
    store.unassign(new CgroupId(cgroup));
  }

  @Override
  public void sweep() {
    store.sweep();
  }
}
