package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_MAP;

import io.taskstorage.bpf.Capabilities;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A process of its own, started with few capabilities, that publishes a map for the readers of a
 * group and says what came of it. Arguments: bpffs, cgroup folder, number of the group.
 */
final class PinAccessTurn {
  private PinAccessTurn() {}

  public static void main(String[] args) {
    System.out.printf("capabilities %x%n", Capabilities.current().effective());
    PinAccess readers = new PinAccess(0640, OptionalInt.of(Integer.parseInt(args[2])));
    PinTree tree = new PinTree(Path.of(args[0])).letting(readers);
    try (TaskStore store = TaskStores.rescan(tree, CgroupTree.open(Path.of(args[1])))) {
      store.install(HINT_MAP);
      store.publish(HINTS);
      System.out.println("published");
    } catch (StoreException e) {
      System.out.println(e.problem().reason() + ": " + e.getMessage());
    }
  }
}
