package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Bpffs is unmounted below a store between any two of its steps: nothing is made in the folder that
 * it was mounted on, and what was read of it is not taken for all there is.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class UnmountedBpffsKernelTest {
  private static final int ROUNDS = 40;

  private Path bpffs;
  private PinTree tree;
  private Membership cgroups;

  @BeforeEach
  void tree(@BpffsMount Path mounted, CgroupSandbox sandbox) {
    bpffs = mounted;
    tree = new PinTree(mounted);
    cgroups = CgroupTree.open(sandbox.top().path());
  }

  /** At every step of an installation in turn. */
  @Test
  void nothingIsMadeOutsideOfBpffs() {
    int steps = countedSteps();
    assertThat(steps).isGreaterThan(5);
    for (int last = 1; last < steps; last++) {
      // Given
      UnmountAt unmount = new UnmountAt(last);
      try (TaskStore store = TaskStores.rescan(tree, cgroups, unmount)) {
        unmount.isArmed = true;
        // When, Then
        assertThatThrownBy(() -> install(store))
            .as("unmounted at step %d of %d", last, steps)
            .isInstanceOf(StoreException.class);
        assertThat(bpffs).as("unmounted at step %d", last).isEmptyDirectory();
        // Not at the next try either.
        assertThatThrownBy(() -> install(store))
            .hasMessage("open %1$s: not a bpf file system: mount -t bpf bpf %1$s".formatted(bpffs));
        assertThat(bpffs).isEmptyDirectory();
      }
      mount();
    }
  }

  @Test
  void aPartOfTheRecordsIsNotTakenForAll() throws InterruptedException {
    int refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
      // Given
      try (TaskStore store = TaskStores.rescan(tree, cgroups)) {
        install(store);
      }
      Thread unmounts = Thread.ofPlatform().unstarted(this::unmount);
      unmounts.start();
      // When, Then
      try {
        while (true) {
          List<RecordedMap> found = Records.list(tree);
          assertThat(found).hasSize(1);
        }
      } catch (StoreException e) {
        assertThat(e).hasMessageContaining("not a bpf file system");
        refused++;
      } finally {
        unmounts.join();
      }
      mount();
    }
    assertThat(refused).isEqualTo(ROUNDS);
  }

  private int countedSteps() {
    UnmountAt count = new UnmountAt(Integer.MAX_VALUE);
    try (TaskStore store = TaskStores.rescan(tree, cgroups, count)) {
      count.isArmed = true;
      install(store);
    }
    TaskStores.clean(tree);
    return count.seen;
  }

  private static void install(TaskStore store) {
    store.install(TENANT_MAP);
    store.publish(TENANTS);
  }

  private void unmount() {
    Command.of("umount", "--lazy", bpffs.toString()).run().stdoutIfDone();
  }

  private void mount() {
    Command.of("mount", "-t", "bpf", "bpf", bpffs.toString()).run().stdoutIfDone();
  }

  /** Unmounts after a step; not thread-safe. */
  private final class UnmountAt implements PinFolders.Steps {
    private final int last;
    private boolean isArmed;
    private int seen;

    UnmountAt(int last) {
      this.last = last;
    }

    @Override
    public void done(String step) {
      if (isArmed && ++seen == last) {
        unmount();
      }
    }
  }
}
