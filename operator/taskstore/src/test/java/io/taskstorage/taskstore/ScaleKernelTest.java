package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many tasks, and few descriptors. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class ScaleKernelTest {
  @Test
  void tenThousandTasksThatExistAlreadyAreReached(
      @BpffsMount Path bpffs, CgroupSandbox sandbox, Tasks tasks) {
    // Given
    List<Task> processes = tasks.processes(10);
    for (Task process : processes) {
      sandbox.create("a").add(process);
      process.threads(999);
    }
    World world = World.real(sandbox);
    try (TaskStore store = TaskStores.rescan(new PinTree(bpffs), world.membership())) {
      store.install(TENANT_MAP);
      store.assign(world.mkdir("/a"), row(tenant(1, "a")));
      // When
      SweepResult created = store.sweep();
      SweepResult found = store.sweep();
      store.assign(world.mkdir("/a"), row(tenant(2, "b")));
      SweepResult updated = store.sweep();
      // Then
      assertThat(created.counts(TENANTS)).isEqualTo(new SweepCounts(10_000, 10_000, 0, 0, 0, 0, 0));
      assertThat(found.counts(TENANTS)).isEqualTo(new SweepCounts(10_000, 0, 0, 0, 0, 0, 0));
      assertThat(updated.counts(TENANTS)).isEqualTo(new SweepCounts(10_000, 0, 10_000, 0, 0, 0, 0));
      assertThat(store.entries(TENANTS))
          .hasSize(10_000)
          .allMatch(entry -> entry.value().equals(tenant(2, "b")));
    }
  }

  @Test
  void aFewFreeDescriptorsAreEnoughForAnyNumberOfTasks(
      @BpffsMount Path bpffs, CgroupSandbox sandbox, Tasks tasks) {
    // Given
    sandbox.top().add(tasks.process());
    Task process = tasks.process();
    sandbox.top().add(process);
    process.threads(299);
    // When
    Outcome sweeps = sweep(bpffs, sandbox, "2");
    // Then
    assertThat(sweeps.stdoutIfDone().lines())
        .containsExactly(new SweepCounts(301, 301, 0, 0, 0, 0, 0).toString());
  }

  @Test
  void withoutAnyFreeDescriptorNothingIsLostAndTheMessageSaysHowToMendIt(
      @BpffsMount Path bpffs, CgroupSandbox sandbox, Tasks tasks) {
    // Given
    Task process = tasks.process();
    sandbox.top().add(process);
    process.threads(9);
    // When
    Outcome sweeps = sweep(bpffs, sandbox, "all", "0", "all");
    // Then
    assertThat(sweeps.stdoutIfDone().lines())
        .containsExactly(
            new SweepCounts(10, 10, 0, 0, 0, 0, 0).toString(),
            new SweepCounts(10, 0, 0, 0, 0, 0, 0).toString(),
            "EMFILE: read %s/cgroup.threads: too many open files in this process: raise the limit of open files (ulimit -n)"
                .formatted(sandbox.top().path()),
            new SweepCounts(10, 0, 0, 0, 0, 0, 0).toString());
  }

  private static Outcome sweep(Path bpffs, CgroupSandbox sandbox, String... freeDescriptors) {
    return Command.of(
            "prlimit",
            "--nofile=128:128",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            SweepWithFewDescriptors.class.getName(),
            bpffs.toString(),
            sandbox.top().path().toString())
        .arguments(freeDescriptors)
        .run();
  }
}
