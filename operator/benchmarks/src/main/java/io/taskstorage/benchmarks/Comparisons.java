package io.taskstorage.benchmarks;

import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Java and C in turn, each measuring itself. */
final class Comparisons {
  private static final int ROUNDS = 21;
  private static final int OPERATIONS = 20_000;
  static final int TASKS = 10_000;

  private Comparisons() {}

  /** One system call through the foreign function interface, against the same loop in C. */
  static Map<String, Pairs> syscalls(Ground ground) {
    PinTree tree = new PinTree(ground.bpffs());
    Path pin = tree.publicPin(Subject.map().bpfName());
    int valueBytes = Subject.layout().sizeBytes();
    try (TaskStore store = TaskStores.rescan(tree, CgroupTree.open(ground.cgroupRoot()))) {
      store.install(Subject.map());
      store.publish(Subject.map().name());
    }
    String operations = Integer.toString(OPERATIONS);
    try (Contestant c =
            Contestant.start(
                "element_loop",
                List.of(
                    ground.program("element_loop").toString(),
                    pin.toString(),
                    Integer.toString(valueBytes),
                    operations));
        Contestant java =
            Contestant.start(
                "ElementLoop",
                Java.command(ElementLoop.class, List.of(pin.toString(), operations)))) {
      return Contestant.inTurn(java, c, ROUNDS);
    }
  }

  /** A pass of the Rescan plane over tasks in line, against a C loop that makes the same calls. */
  static Map<String, Pairs> rescan(Ground ground, int maps) {
    PinTree tree = new PinTree(ground.bpffs());
    List<String> arguments =
        List.of(
            ground.bpffs().toString(),
            ground.cgroupRoot().toString(),
            Long.toString(ground.cgroupInode()),
            Integer.toString(maps));
    List<String> loop = new ArrayList<>();
    loop.add(ground.program("rescan_loop").toString());
    loop.add(ground.cgroup().toString());
    loop.add(Integer.toString(Subject.layout().sizeBytes()));
    for (int i = 0; i < maps; i++) {
      loop.add(tree.publicPin(Subject.map(i).bpfName()).toString());
    }
    try (Contestant _ = ground.crowd(TASKS);
        Contestant java =
            Contestant.start("RescanLoop", Java.command(RescanLoop.class, arguments)).awaitReady();
        Contestant c = Contestant.start("rescan_loop", loop)) {
      return Contestant.inTurn(java, c, ROUNDS);
    }
  }
}
