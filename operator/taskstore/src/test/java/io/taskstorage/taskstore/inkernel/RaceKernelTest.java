package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.TaskStores;
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

  /** In a guest it is over before an agent has started again. */
  private static final boolean IS_LONG = STARTS >= 100_000;

  /** As many changes of rows between two ends of an agent, and two sets of programs. */
  private static final int PERIOD = 40;

  private static final int RESTART = 3;
  private static final int EXCHANGE = 6;
  private static final int POLLED_STARTS = Integer.getInteger("poller.starts", 2_000);

  private int turns;

  @Test
  @GuestTest(GuestSuite.RACE)
  void everyTaskFindsItsValues(CgroupSandbox sandbox, @BpffsMount Path bpffs, @TempDir Path folder)
      throws IOException {
    PinTree tree = new PinTree(bpffs);
    CgroupTree cgroups = CgroupTree.open(sandbox.top().path());
    try (StoreRows rows = new StoreRows(() -> TaskStores.inKernel(tree, cgroups))) {
      // Given
      Race race = new Race(rows, sandbox, folder, StoreRows.pins(tree));
      // When
      Race.Result result = race.run(STARTS, _ -> Optional.of(() -> turn(race, rows)));
      // Then
      System.out.println(result.text());
      System.out.println(rows.restarts() + " restarts, " + rows.exchanges() + " exchanges");
      Race.Seen sum = result.sum();
      assertThat(sum.wrong() + sum.stray() + sum.failed()).as("%s", result).isZero();
      if (!StorageGuard.refusesBirths()) {
        // Where it does, WakeupKernelTest asks what becomes of them.
        assertThat(sum.missing()).as("%s", result).isZero();
      }
      assertThat(result.firstActs().starts()).isGreaterThanOrEqualTo(STARTS);
      assertThat(result.byKind().values()).as("kinds").allMatch(seen -> seen.starts() > 0);
      assertThat(result.turns()).as("changes meanwhile").isGreaterThan(10);
      if (IS_LONG) {
        assertThat(rows.restarts()).as("agents that ended meanwhile").isPositive();
        assertThat(rows.exchanges()).as("sets of programs that took over meanwhile").isPositive();
      }
      // When nothing is wanted any more
      race.end();
      // Then nobody has an entry
      assertThat(rows.entries()).isZero();
      assertThat(rows.store().verify().changes()).isZero();
    }
  }

  /** Rows change; now and then the agent ends, or other programs take over. */
  private void turn(Race race, StoreRows rows) {
    race.anyTurn();
    if (IS_LONG) {
      switch (turns++ % PERIOD) {
        case RESTART -> rows.restart();
        case EXCHANGE -> rows.exchange();
        default -> {}
      }
    }
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
