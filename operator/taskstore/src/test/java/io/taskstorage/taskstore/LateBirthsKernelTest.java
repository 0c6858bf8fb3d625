package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A sweep meets tasks that are being born, and calls none of them late. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class LateBirthsKernelTest {
  private static final int FORKING = 2;
  private static final int SWEEPS = 20_000;

  @Test
  void whoHasItsValueByBirthWhileASweepLooksIsNotLate(
      CgroupSandbox sandbox, @BpffsMount Path bpffs) {
    Path cgroup = sandbox.create("a").path();
    CgroupTree tree = CgroupTree.open(sandbox.top().path());
    try (TaskStore store = TaskStores.inKernel(new PinTree(bpffs), tree)) {
      // Given
      store.install(TENANT_MAP);
      store.assign(tree.cgroups().byPath("/a").orElseThrow().id(), row(tenant(1, "a")));
      store.sweep();
      store.publish(TENANTS);
      List<Child> forking = new ArrayList<>();
      try {
        for (int i = 0; i < FORKING; i++) {
          forking.add(
              Command.of("sh", "-c", "echo $$ >\"$0/cgroup.procs\"; while :; do (:); done")
                  .arguments(cgroup.toString())
                  .start());
        }

        // When
        int late = 0;
        CgroupSnapshot seen = tree.cgroups();
        for (int i = 0; i < SWEEPS; i++) {
          late += store.sweep(seen).counts(TENANTS).late();
        }

        // Then
        assertThat(late).isZero();
      } finally {
        forking.forEach(Child::close);
      }
      assertThat(store.starts().born()).isGreaterThan(SWEEPS / 100);
    }
  }
}
