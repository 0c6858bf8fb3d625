package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.hint;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A map has gone while no agent ran, or one died in the middle of that. The next agent begins with
 * it, before the maps that go on are installed.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class RemovedMeanwhileKernelTest {
  private static final Row BOTH = new Row(Map.of(TENANTS, tenant(1, "a"), HINTS, hint(7)));

  private PinTree tree;
  private Membership cgroups;
  private CgroupId cgroup;
  private Task member;

  @BeforeEach
  void makeMember(@BpffsMount Path bpffs, CgroupSandbox sandbox, Tasks tasks) {
    tree = new PinTree(bpffs);
    cgroups = CgroupTree.open(sandbox.top().path());
    Cgroup folder = sandbox.create("a");
    cgroup = new CgroupId(folder.id());
    member = tasks.processIn(folder.path());
    try (TaskStore store = TaskStores.inKernel(tree, cgroups)) {
      store.install(TENANT_MAP);
      store.install(HINT_MAP);
      store.assign(cgroup, BOTH);
      store.sweep();
      store.publish(TENANTS);
      store.publish(HINTS);
    }
  }

  @Test
  void tasksThatStartHaveTheirValueInTheOtherMapsAtEachStep() {
    // Given
    List<Path> before = PinFolders.list(tree.programs());
    try (TaskStore store = TaskStores.inKernel(tree, cgroups)) {
      // When
      store.remove(HINTS, Reclaim.DELETE);
      // Then
      assertStartHasItsValue();
      // When
      store.install(TENANT_MAP);
      // Then
      assertStartHasItsValue();
      // When
      store.assign(cgroup, row(tenant(1, "a")));
      store.sweep();
      // Then
      assertStartHasItsValue();
      assertThat(PinFolders.list(tree.programs())).hasSize(1).isNotEqualTo(before);
      assertThat(PinFolders.stat(tree.publicPin(HINT_MAP.bpfName()))).isEmpty();
    }
  }

  @Test
  void noProgramsAreLeftWhereEveryMapHasGone() {
    // When
    try (TaskStore store = TaskStores.inKernel(tree, cgroups)) {
      store.remove(HINTS, Reclaim.DELETE);
      store.remove(TENANTS, Reclaim.DELETE);
      store.sweep();
    }
    // Then
    assertThat(PinFolders.stat(tree.programs())).isEmpty();
    assertThat(PinFolders.stat(tree.publicPin(TENANT_CTX))).isEmpty();
  }

  private void assertStartHasItsValue() {
    RecordedMap map = Records.find(tree, TENANTS).orElseThrow();
    assertThat(Records.get(map, member.fork().tid()))
        .isEqualTo(new EntryAccess.TaskResult.Done(tenant(1, "a")));
  }
}
