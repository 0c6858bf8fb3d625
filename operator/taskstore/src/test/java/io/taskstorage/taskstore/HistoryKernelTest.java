package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A random history of tasks, cgroups, rows, maps and agents: after each step the programs in the
 * kernel have left what a pass over all tasks would write, also where their agent ended and began,
 * or another one worked on the node meanwhile and was killed. The same seed gives the same history:
 * {@code -Dhistory.seed}.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class HistoryKernelTest {
  private static final int STEPS = Integer.getInteger("history.steps", 1_000);
  private static final long SEED = Long.getLong("history.seed", new Random().nextLong());

  @Test
  void programsLeaveWhatAPassWouldWrite(CgroupSandbox sandbox, @BpffsMount Path bpffs, Tasks tasks)
      throws IOException {
    World world = World.real(sandbox);
    PinTree tree = folder(bpffs.resolve("programs"));
    PinTree others = folder(bpffs.resolve("passes"));
    try (HistoryStores stores = new HistoryStores(tree, others, world.membership())) {
      // Given
      History history = new History(new Random(SEED), world, sandbox, tasks, stores);
      for (int step = 0; step < STEPS; step++) {
        // When
        boolean needsSweep = history.step();
        TaskStore programs = stores.programs();
        if (needsSweep) {
          programs.sweep();
        }
        stores.passes().sweep();
        // Then
        for (StoreMap map : List.of(TENANT_MAP, HINT_MAP)) {
          if (stores.has(map)) {
            assertThat(programs.entries(map.name()))
                .as("%s after -Dhistory.seed=%d, step %d of%n%s", map, SEED, step, history)
                .isEqualTo(stores.passes().entries(map.name()));
          }
        }
      }
      System.out.printf(
          "%d steps, %d restarts, before %d of them another agent was killed%n",
          STEPS, stores.restarts(), stores.kills());
      assertThat(history.log()).as("seed %d", SEED).hasSizeGreaterThan(STEPS / 2);
      assertThat(stores.kills()).as("seed %d", SEED).isGreaterThanOrEqualTo(STEPS >= 1_000 ? 1 : 0);
    }
  }

  private static PinTree folder(Path path) throws IOException {
    return new PinTree(Files.createDirectory(path));
  }
}
