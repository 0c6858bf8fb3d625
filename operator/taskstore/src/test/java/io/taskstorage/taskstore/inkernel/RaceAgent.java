package io.taskstorage.taskstore.inkernel;

import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.TaskStores;
import io.taskstorage.testkit.Starter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * An agent in a {@link Race}: rows change back to back; now and then it closes the store and opens
 * it again, or other programs take over. In the process of the test, and in others by {@link
 * #main}, which {@link KilledAgents} kills.
 */
final class RaceAgent {
  /** What such a process says when it could open the store. */
  static final String WAITS = "waits";

  /** As many changes between two restarts, and two exchanges: one that is killed has few turns. */
  private static final int PERIOD = 8;

  private static final int RESTART = 3;
  private static final int EXCHANGE = 6;

  private final Runnable change;
  private final StoreRows rows;
  private final RaceMemory memory;
  private int turns;

  /**
   * @param change changes some rows, and brings all in line
   */
  RaceAgent(Runnable change, StoreRows rows, RaceMemory memory) {
    this.change = change;
    this.rows = rows;
    this.memory = memory;
  }

  void turn() {
    change.run();
    switch (turns++ % PERIOD) {
      case RESTART -> {
        rows.restart();
        memory.add(RaceMemory.Count.RESTARTS);
      }
      case EXCHANGE -> {
        rows.exchange();
        memory.add(RaceMemory.Count.EXCHANGES);
      }
      default -> {}
    }
  }

  /**
   * Waits for the node, takes over what is in force, and goes on until it is killed. Arguments:
   * bpffs, cgroup folder, the race's memory, a seed.
   */
  public static void main(String[] args) throws IOException {
    PinTree tree = new PinTree(Path.of(args[0]));
    CgroupTree cgroups = CgroupTree.open(Path.of(args[1]));
    RaceMemory memory = RaceMemory.open(Path.of(args[2]));
    Random random = new Random(Long.parseLong(args[3]));
    Starter starter = Starter.ofThisProcess();
    System.out.println(WAITS);
    while (!memory.isHandedOver() && starter.isThere()) {
      LockSupport.parkNanos(1_000_000);
    }
    try (StoreRows rows =
        StoreRows.takingOver(
            () -> TaskStores.inKernel(tree, cgroups), memory.newest(), random.nextBoolean())) {
      memory.newestAreSure();
      RaceChanges changes = new RaceChanges(rows, memory, random);
      RaceAgent agent = new RaceAgent(changes::anyTurn, rows, memory);
      while (starter.isThere()) {
        agent.turn();
      }
    }
  }
}
