package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract, kept by programs in the kernel. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
@GuestTest(GuestSuite.IN_KERNEL)
class InKernelTaskStoreKernelTest implements TaskStoreContract, ThreadedContract {
  private World world;
  private TaskStore store;

  @BeforeEach
  void open(CgroupSandbox sandbox, @BpffsMount Path bpffs) {
    world = World.real(sandbox);
    store = TaskStores.inKernel(new PinTree(bpffs), world.membership());
  }

  @Test
  void saysWhichPlaneItIs() {
    assertThat(store().plane()).isEqualTo(Plane.IN_KERNEL);
    assertThat(store().plane().display()).isEqualTo("InKernel");
  }

  @Test
  void aNewTaskNeedsNoSweep(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    // When
    Task child = process.fork();
    Task thread = process.thread();
    // Then
    assertThat(values())
        .isEqualTo(
            Map.of(
                process.tid(), tenant(1, "a"),
                child.tid(), tenant(1, "a"),
                thread.tid(), tenant(1, "a")));
    assertThat(store().sweep().counts(TENANTS)).isEqualTo(new SweepCounts(3, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void aProcessThatIsMovedNeedsNoSweep(Tasks tasks) {
    // Given
    Task mover = member(tasks, "/a", tenant(1, "a"));
    Task leaver = member(tasks, "/a", tenant(1, "a"));
    Task stayer = member(tasks, "/b", tenant(2, "b"));
    store().sweep();
    world().mkdir("/elsewhere");
    // When
    world().move(mover, "/b");
    world().move(leaver, "/elsewhere");
    // Then
    assertThat(values())
        .isEqualTo(Map.of(mover.tid(), tenant(2, "b"), stayer.tid(), tenant(2, "b")));
    assertThat(store().sweep().changes()).isZero();
  }

  @Test
  void aThreadThatIsMovedNeedsNoSweep(CgroupSandbox sandbox, Tasks tasks) {
    // Given
    Task process = member(tasks, "/threaded", tenant(1, "a"));
    Task thread = process.thread();
    Cgroup inner = sandbox.create("threaded", "inner");
    inner.makeThreaded();
    store().assign(new CgroupId(inner.id()), row(tenant(2, "b")));
    store().sweep();
    // When
    thread.moveThreadTo(inner.path());
    // Then
    assertThat(values())
        .isEqualTo(Map.of(process.tid(), tenant(1, "a"), thread.tid(), tenant(2, "b")));
    assertThat(store().sweep().changes()).isZero();
    // When
    Task born = thread.thread();
    // Then
    assertThat(values()).containsEntry(born.tid(), tenant(2, "b"));
  }

  @Override
  public World world() {
    return world;
  }

  @Override
  public TaskStore store() {
    return store;
  }
}
