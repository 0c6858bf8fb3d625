package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract on the kernel's own maps and cgroups. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
@GuestTest(GuestSuite.RESCAN)
class RescanTaskStoreKernelTest implements PassContract, ThreadedContract {
  private World world;
  private TaskStore store;

  @BeforeEach
  void open(CgroupSandbox sandbox, @BpffsMount Path bpffs) {
    world = World.real(sandbox);
    store = TaskStores.rescan(new PinTree(bpffs), world.membership());
  }

  @Test
  void saysWhichPlaneItIs() {
    // When
    Plane plane = store().plane();
    // Then
    assertThat(plane).isEqualTo(Plane.RESCAN);
    assertThat(plane.display()).isEqualTo("Rescan");
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
