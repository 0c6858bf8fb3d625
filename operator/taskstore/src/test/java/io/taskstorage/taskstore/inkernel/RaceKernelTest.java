package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise of the plane in the kernel, and that the other plane cannot give it. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class RaceKernelTest {
  private static final int STARTS = Integer.getInteger("starts", 100_000);

  @Test
  void everyTaskFindsItsValues(CgroupSandbox sandbox, @BpffsMount Path bpffs, @TempDir Path folder)
      throws IOException {
    PinTree tree = new PinTree(bpffs);
    try (TaskStore store = TaskStores.inKernel(tree, CgroupTree.open(sandbox.top().path()))) {
      // Given
      StoreRows rows = new StoreRows(store);
      Race race = new Race(rows, sandbox, folder, StoreRows.pins(tree));
      // When
      Race.Result result = race.run(STARTS, _ -> Optional.of(race::anyTurn));
      // Then
      System.out.println(text(result));
      assertThat(result.sum().errors()).as("%s", result).isZero();
      assertThat(result.firstActs().starts()).isGreaterThanOrEqualTo(STARTS);
      assertThat(result.byKind().values()).as("kinds").allMatch(seen -> seen.starts() > 0);
      assertThat(result.turns()).as("changes meanwhile").isGreaterThan(10);
      // When nothing is wanted any more
      race.end();
      // Then nobody has an entry
      assertThat(rows.entries()).isZero();
      assertThat(store.verify().changes()).isZero();
    }
  }

  @Test
  void whoSweepsFromTimeToTimeMissesFirstActs(
      CgroupSandbox sandbox, @BpffsMount Path bpffs, @TempDir Path folder) throws IOException {
    PinTree tree = new PinTree(bpffs);
    try (TaskStore store = TaskStores.rescan(tree, CgroupTree.open(sandbox.top().path()))) {
      // Given
      Race race = new Race(new StoreRows(store), sandbox, folder, StoreRows.pins(tree));
      // When
      Race.Result result =
          race.run(STARTS, errors -> errors > 0 ? Optional.empty() : Optional.of(race::anyTurn));
      // Then
      assertThat(result.firstActs().missing()).as("%s", result).isPositive();
    }
  }

  private static String text(Race.Result result) {
    StringBuilder text = new StringBuilder("kind starts missing wrong stray failed\n");
    result
        .byKind()
        .forEach((kind, seen) -> text.append(kind).append(' ').append(seen).append('\n'));
    return text.append(result.turns()).append(" turns").toString();
  }
}
