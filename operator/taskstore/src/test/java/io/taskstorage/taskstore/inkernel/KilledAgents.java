package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Agents in processes of their own that take over the node of a {@link Race}, one after the other,
 * and are killed at a moment that nobody chooses: one after some turns, the next while it opens the
 * store and states the rows, and so on. What each leaves the process of the test takes over.
 */
final class KilledAgents implements AutoCloseable {
  private static final int KILLED = 128 + 9;

  /**
   * Fewer where fewer tasks start, as on an emulated machine, where one that restarts takes
   * seconds.
   */
  private static final int MOST_TURNS =
      Math.clamp(Integer.getInteger("starts", 100_000) / 5_000, 2, 20);

  /** As many turns of this process to one of these agents. */
  private static final int SPACING = 40;

  /** In that time it opens the store, on a machine that is not emulated. */
  private static final int MOST_MILLIS_OF_START = 500;

  private static final int MOST_MILLIS_OF_TURN = 10;

  /** What only a broken machine reaches. */
  private static final Duration LIMIT = Race.LIMIT;

  private final StoreRows rows;
  private final RaceMemory memory;
  private final Path bpffs;
  private final Path cgroups;
  private final Random random = new Random(6);
  private @Nullable Child next;
  private int turns;
  private int kills;

  /**
   * @param rows the store of this process, which is let go for others
   * @param cgroups the folder of the race's cgroups
   */
  KilledAgents(StoreRows rows, RaceMemory memory, Path bpffs, Path cgroups) {
    this.rows = rows;
    this.memory = memory;
    this.bpffs = bpffs;
    this.cgroups = cgroups;
  }

  int kills() {
    return kills;
  }

  /**
   * Starts one now and then; once it could open the store, lets it do so, kills it, and takes over.
   */
  void turn() {
    boolean isDue = turns++ % SPACING == 0;
    if (next == null) {
      if (!isDue) {
        return;
      }
      memory.handOver(false);
      next =
          ChildJvm.of(RaceAgent.class.getName())
              .options("-Xmx128m")
              .arguments(bpffs.toString(), cgroups.toString(), memory.file().toString())
              .arguments(Long.toString(random.nextLong()))
              .start();
      return;
    }
    Child agent = next;
    if (agent.isAlive() && !agent.stdout().contains(RaceAgent.WAITS)) {
      return;
    }
    next = null;
    try (agent) {
      rows.letGo();
      long turnsBefore = memory.count(RaceMemory.Count.TURNS);
      memory.handOver(true);
      if (kills % 2 == 0) {
        long last = turnsBefore + 1 + random.nextInt(MOST_TURNS);
        await("turns of another agent")
            .atMost(LIMIT)
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> memory.count(RaceMemory.Count.TURNS) >= last || !agent.isAlive());
        anyMoment(MOST_MILLIS_OF_TURN);
      } else {
        anyMoment(MOST_MILLIS_OF_START);
      }
      if (agent.isAlive()) {
        agent.signal(Signal.KILL);
      }
      Outcome outcome = agent.awaitExit();
      assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(KILLED);
    }
    kills++;
    rows.takeOver(memory.newest(), random.nextBoolean());
    memory.newestAreSure();
  }

  /** Nothing is waited for: any moment will do. */
  private void anyMoment(int mostMillis) {
    LockSupport.parkNanos(random.nextLong(1_000_000L * mostMillis));
  }

  @Override
  public void close() {
    if (next != null) {
      next.close();
    }
  }
}
