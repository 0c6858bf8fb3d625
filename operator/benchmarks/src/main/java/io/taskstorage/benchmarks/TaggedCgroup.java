package io.taskstorage.benchmarks;

import io.taskstorage.layout.Field;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Plane;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.SweepCounts;
import io.taskstorage.taskstore.SweepResult;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cgroup whose tasks have a value of {@link #VALUE_BYTES} in each of some maps, by a plane. */
final class TaggedCgroup implements AutoCloseable {
  static final int VALUE_BYTES = 24;

  private static final int WORDS = VALUE_BYTES / Long.BYTES;

  private final PinTree tree;
  private final TaskStore store;
  private final CgroupId cgroup;
  private final List<StoreMap> maps;

  private TaggedCgroup(PinTree tree, TaskStore store, CgroupId cgroup, int maps) {
    this.tree = tree;
    this.store = store;
    this.cgroup = cgroup;
    this.maps = IntStream.range(0, maps).mapToObj(TaggedCgroup::map).toList();
    this.maps.forEach(store::install);
    assign(1);
    sweep();
    this.maps.forEach(map -> store.publish(map.name()));
  }

  /** Installs maps, gives the tasks that are there their values and makes the maps public. */
  static TaggedCgroup open(Plane plane, PinTree tree, Path cgroupRoot, long cgroup, int maps) {
    CgroupTree cgroups = CgroupTree.open(cgroupRoot);
    TaskStore store =
        switch (plane) {
          case IN_KERNEL -> TaskStores.inKernel(tree, cgroups);
          case RESCAN -> TaskStores.rescan(tree, cgroups);
          case EMULATED -> TaskStores.emulated(cgroups);
        };
    try {
      return new TaggedCgroup(tree, store, new CgroupId(cgroup), maps);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static StoreMap map(int number) {
    String name = "words" + number;
    return new StoreMap(
        new MapName(name),
        new BpfName(name),
        StructLayout.of("words", List.of(Field.array("words", ScalarType.U64, WORDS))),
        Reclaim.DELETE);
  }

  /** From the next sweep on its tasks have a value made of this number. */
  void assign(long number) {
    ByteBuffer bytes = ByteBuffer.allocate(VALUE_BYTES);
    for (int i = 0; i < WORDS; i++) {
      bytes.putLong(number);
    }
    Value value = Value.of(bytes.array());
    store.assign(
        cgroup, new Row(maps.stream().collect(Collectors.toMap(StoreMap::name, _ -> value))));
  }

  /** From the next sweep on its tasks have none. */
  void unassign() {
    store.unassign(cgroup);
  }

  SweepCounts sweep() {
    return counts(store.sweep());
  }

  SweepCounts verify() {
    return counts(store.verify());
  }

  /** Those of the first map; of the others they are the same. */
  private SweepCounts counts(SweepResult result) {
    return result.counts(maps.getFirst().name());
  }

  /** Where the first map is found. */
  Path pin() {
    return tree.publicPin(maps.getFirst().bpfName());
  }

  /** Gives up what is pinned too: maps with their entries, and programs with the rows in force. */
  @Override
  public void close() {
    store.close();
    TaskStores.clean(tree);
  }
}
