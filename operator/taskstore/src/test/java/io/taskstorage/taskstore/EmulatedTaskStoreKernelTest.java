package io.taskstorage.taskstore;

import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import org.junit.jupiter.api.BeforeEach;

/** The contract with entries in this process and the kernel's cgroups. */
@KernelTest(needs = KernelTest.Need.CGROUP2)
class EmulatedTaskStoreKernelTest implements PassContract, ThreadedContract {
  private World world;
  private TaskStore store;

  @BeforeEach
  void open(CgroupSandbox sandbox) {
    world = World.real(sandbox);
    store = TaskStores.emulated(world.membership());
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
