package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.PidMax;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Many tasks; {@code -Dmany.tasks} says how many. The kernel gets numbers for them, and has as many
 * as before when they are gone; where it may not be told, and where it has no room for as many
 * threads, there are fewer.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class ManyTasksKernelTest {
  private static final int WANTED = Integer.getInteger("many.tasks", 10_000);
  private static final int OF_A_PROCESS = 1_000;

  /** Numbers that are left to everything else on this machine. */
  private static final int LEFT = 2_000;

  @Test
  void allOfThemAreInLine(@BpffsMount Path bpffs, CgroupSandbox sandbox, Tasks tasks)
      throws IOException {
    int before = PidMax.now();
    // Given
    try (PidMax numbers = PidMax.raisedTo(tasksThere() + WANTED + 2 * LEFT)) {
      assertThat(numbers).isNotNull();
      int count = Math.min(WANTED, most() - tasksThere() - LEFT);
      System.out.printf(
          "%d tasks of %d wanted, kernel.pid_max %d, before that %d%n",
          count, WANTED, PidMax.now(), before);
      assertThat(count).as("tasks that fit").isGreaterThanOrEqualTo(Math.min(WANTED, 10_000));
      assertAllInLine(count, bpffs, sandbox, tasks);
    }
    assertThat(PidMax.now()).isEqualTo(before);
  }

  private static void assertAllInLine(int count, Path bpffs, CgroupSandbox sandbox, Tasks tasks) {
    for (int left = count; left > 0; left -= OF_A_PROCESS) {
      Task process = tasks.process();
      sandbox.create("a").add(process);
      int others = Math.min(left, OF_A_PROCESS) - 1;
      if (others > 0) {
        process.threads(others);
      }
    }
    World world = World.real(sandbox);
    try (TaskStore store = TaskStores.inKernel(new PinTree(bpffs), world.membership())) {
      store.install(TENANT_MAP);
      CgroupId a = world.mkdir("/a");
      store.assign(a, row(tenant(1, "a")));
      // When
      SweepResult created = store.sweep();
      SweepResult verified = store.verify();
      store.assign(a, row(tenant(2, "b")));
      SweepResult updated = store.sweep();
      // Then
      assertThat(created.counts(TENANTS)).isEqualTo(new SweepCounts(count, count, 0, 0, 0, 0, 0));
      assertThat(verified.counts(TENANTS)).isEqualTo(new SweepCounts(count, 0, 0, 0, 0, 0, 0));
      assertThat(updated.counts(TENANTS)).isEqualTo(new SweepCounts(count, 0, count, 0, 0, 0, 0));
      assertThat(store.entries(TENANTS))
          .hasSize(count)
          .allMatch(entry -> entry.value().equals(tenant(2, "b")));
      // When
      store.unassign(a);
      SweepResult deleted = store.sweep();
      // Then
      assertThat(deleted.counts(TENANTS)).isEqualTo(new SweepCounts(0, 0, 0, count, 0, 0, 0));
      assertThat(store.entries(TENANTS)).isEmpty();
    }
  }

  /** As many as the kernel takes now. */
  private static int most() throws IOException {
    // In one read: whoever goes on reading such a file finds its end.
    String threads = Files.readAllLines(Path.of("/proc/sys/kernel/threads-max")).getFirst();
    return Math.min(PidMax.now(), Integer.parseInt(threads));
  }

  private static int tasksThere() throws IOException {
    String running = Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[3];
    return Integer.parseInt(running.split("/", 2)[1]);
  }
}
