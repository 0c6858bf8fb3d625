package io.taskstorage.benchmarks;

import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.SweepResult;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The Java side of rescan_loop.c: BPFFS CGROUP_ROOT CGROUP_INODE MAPS. Each round is one pass of
 * the Rescan plane over tasks that are in line already.
 */
final class RescanLoop {
  private RescanLoop() {}

  public static void main(String[] args) {
    PinTree tree = new PinTree(Path.of(args[0]));
    try (TaskStore store = TaskStores.rescan(tree, CgroupTree.open(Path.of(args[1])))) {
      Map<MapName, Value> values = new HashMap<>();
      for (int i = 0; i < Integer.parseInt(args[3]); i++) {
        StoreMap map = Subject.map(i);
        store.install(map);
        values.put(map.name(), Subject.value());
      }
      store.assign(new CgroupId(Long.parseLong(args[2])), new Row(values));
      store.sweep();
      values.keySet().forEach(store::publish);
      for (int i = 0; i < 10; i++) {
        pass(store);
      }
      System.out.println("ready");
      Answers.toEachLine(() -> pass(store));
    }
  }

  private static String pass(TaskStore store) {
    long begin = System.nanoTime();
    SweepResult result = store.sweep();
    long taken = System.nanoTime() - begin;
    int tasks = Objects.requireNonNull(result.maps().get(Subject.map().name()), "bench").tasks();
    return Answers.perOperation("pass", taken, tasks);
  }
}
