package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.OtherVersion;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent of another version puts its own programs in the place of those that it finds. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class ChangedProgramsKernelTest {
  private static final int STARTS = 20_000;
  private static final int EXCHANGES = 40;
  private static final int KILLS = 4;

  /** As many changes of rows from one version of the agent to the next. */
  private static final int TURNS = 3;

  /**
   * Rows change back to back while agents follow each other, each of another version; now and then
   * one of a third version, in a process of its own, takes over and is killed, as often as not
   * while it exchanges the programs.
   */
  @Test
  void everyTaskFindsItsValuesWhileVersionsFollowEachOther(
      CgroupSandbox sandbox, @BpffsMount Path bpffs, @TempDir Path folder) throws IOException {
    PinTree tree = new PinTree(bpffs);
    Path top = sandbox.top().path();
    CgroupTree cgroups = CgroupTree.open(top);
    AtomicInteger version = new AtomicInteger();
    try (StoreRows rows =
        new StoreRows(
            () ->
                OtherVersion.open(tree, cgroups, ChangedPrograms.of(version.incrementAndGet())))) {
      // Given
      Race race = new Race(rows, sandbox, folder, StoreRows.pins(tree));
      Set<String> tags = new HashSet<>(Set.of(OtherVersion.tag(tree)));
      try (KilledAgents killed = new KilledAgents(rows, race.memory(), bpffs, top)) {
        // When
        Race.Result result =
            race.run(
                STARTS,
                () -> killed.kills() >= KILLS && tags.size() > EXCHANGES,
                _ ->
                    Optional.of(
                        () -> {
                          for (int i = 0; i < TURNS; i++) {
                            race.anyTurn();
                            killed.turn();
                          }
                          rows.restart();
                          tags.add(OtherVersion.tag(tree));
                        }));
        // Then
        System.out.printf(
            "%s%n%d agents killed, %d versions%n", result.text(), killed.kills(), tags.size());
        result.assertAllRight(STARTS);
        assertThat(killed.kills()).as("agents killed meanwhile").isGreaterThanOrEqualTo(KILLS);
        assertThat(tags).as("programs, one after the other").hasSizeGreaterThan(EXCHANGES);
      }
      // When nothing is wanted any more
      race.end();
      // Then nobody has an entry
      assertThat(rows.entries()).isZero();
    }
  }
}
