package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.TaskStores;
import io.taskstorage.taskstore.inkernel.RaceMemory.Count;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise of the plane in the kernel, and that the other plane cannot give it. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class RaceKernelTest {
  private static final int STARTS = Integer.getInteger("starts", 100_000);

  /** At least so many agents are killed meanwhile: 10 in each build, one in a guest. */
  private static final int KILLS = Math.max(1, STARTS / 10_000);

  /** At least so many agents end and begin, and other sets of programs take over. */
  private static final int EXCHANGES = Math.max(2, STARTS / 1_000);

  private static final int POLLED_STARTS = Integer.getInteger("poller.starts", 2_000);

  /**
   * Rows change back to back all the time. The store is in this process, which now and then closes
   * and opens it or has other programs take over; again and again a process of its own takes over,
   * does the same, and is ended by SIGKILL, while it states the rows or after some turns. After
   * that it is this process that adopts what is left and states the newest rows, of which the
   * killed one may have brought any part in force. The race goes on until all of that was done
   * often enough.
   */
  @Test
  @GuestTest(GuestSuite.RACE)
  void everyTaskFindsItsValues(CgroupSandbox sandbox, @BpffsMount Path bpffs, @TempDir Path folder)
      throws IOException {
    PinTree tree = new PinTree(bpffs);
    Path top = sandbox.top().path();
    CgroupTree cgroups = CgroupTree.open(top);
    try (StoreRows rows = new StoreRows(() -> TaskStores.inKernel(tree, cgroups))) {
      // Given
      Race race = new Race(rows, sandbox, folder, StoreRows.pins(tree));
      RaceMemory memory = race.memory();
      RaceAgent agent = new RaceAgent(race::anyTurn, rows, memory);
      try (KilledAgents killed = new KilledAgents(rows, memory, bpffs, top)) {
        // When
        Race.Result result =
            race.run(
                STARTS,
                () -> killed.kills() >= KILLS && isEnough(memory),
                _ ->
                    Optional.of(
                        () -> {
                          agent.turn();
                          killed.turn();
                        }));
        // Then
        System.out.println(result.text());
        System.out.printf(
            "%d agents killed, %d restarts, %d exchanges%n",
            killed.kills(), memory.count(Count.RESTARTS), memory.count(Count.EXCHANGES));
        result.assertAllRight(STARTS);
        assertThat(result.turns()).as("changes meanwhile").isGreaterThanOrEqualTo(4L * EXCHANGES);
        assertThat(killed.kills()).as("agents killed meanwhile").isGreaterThanOrEqualTo(KILLS);
        assertThat(isEnough(memory)).as("agents and programs that followed others").isTrue();
      }
      // When nothing is wanted any more
      race.end();
      // Then nobody has an entry
      assertThat(rows.entries()).isZero();
      assertThat(rows.store().verify().changes()).isZero();
    }
  }

  private static boolean isEnough(RaceMemory memory) {
    return memory.count(Count.RESTARTS) >= EXCHANGES && memory.count(Count.EXCHANGES) >= EXCHANGES;
  }

  @Test
  void whoSweepsFromTimeToTimeMissesFirstActs(
      CgroupSandbox sandbox, @BpffsMount Path bpffs, @TempDir Path folder) throws IOException {
    PinTree tree = new PinTree(bpffs);
    CgroupTree cgroups = CgroupTree.open(sandbox.top().path());
    try (StoreRows rows = new StoreRows(() -> TaskStores.rescan(tree, cgroups))) {
      // Given
      Race race = new Race(rows, sandbox, folder, StoreRows.pins(tree));
      // When
      Race.Result result =
          race.run(STARTS, errors -> errors > 0 ? Optional.empty() : Optional.of(race::anyTurn));
      // Then
      assertThat(result.firstActs().missing()).as("%s", result).isPositive();
    }
  }

  @Test
  void theMoreSeldomSweepsAreTheMoreFirstActsTheyMiss(
      CgroupSandbox sandbox, @BpffsMount Path bpffs, @TempDir Path folder) throws IOException {
    StringBuilder table =
        new StringBuilder("plane, sweeps every | first acts | entries missing, of two each\n");
    for (String seconds : System.getProperty("poller.seconds", "0.1").split(",", -1)) {
      // Given
      PinTree tree =
          new PinTree(Files.createDirectory(bpffs.resolve("every-" + seconds.replace(".", "-"))));
      Path shared = Files.createDirectory(folder.resolve(seconds));
      CgroupTree cgroups = CgroupTree.open(sandbox.top().path());
      try (StoreRows rows = new StoreRows(() -> TaskStores.rescan(tree, cgroups))) {
        Race race = new Race(rows, sandbox, shared, StoreRows.pins(tree));
        Poller poller = new Poller(race, Double.parseDouble(seconds));
        // When
        Race.Seen seen = race.run(POLLED_STARTS, _ -> Optional.of(poller::turn)).firstActs();
        // Then
        assertThat(seen.missing()).isPositive();
        table.append("Rescan, %s s | %d | %d%n".formatted(seconds, seen.starts(), seen.missing()));
        race.end();
      }
    }
    System.out.print(table);
  }

  /** Changes rows and sweeps at a period, as long as the race goes on. */
  private record Poller(Race race, double seconds) {
    void turn() {
      long due = System.nanoTime() + (long) (seconds * 1e9);
      while (race.isRunning() && System.nanoTime() < due) {
        LockSupport.parkNanos(1_000_000);
      }
      race.anyTurn();
    }
  }
}
