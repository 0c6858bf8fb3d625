package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;

import java.nio.file.Path;

/**
 * A process of its own, started with a low limit of open files, that sweeps several times and says
 * what came of it. Arguments: bpffs, cgroup folder, and for each sweep how many descriptors are
 * free; "all" for as many as there are.
 */
final class SweepWithFewDescriptors {
  private SweepWithFewDescriptors() {}

  public static void main(String[] args) throws Exception {
    CgroupTree cgroups = CgroupTree.open(Path.of(args[1]));
    CgroupId top = cgroups.cgroups().cgroups().getFirst().id();
    FewDescriptors.loadClasses();
    try (TaskStore store = TaskStores.rescan(new PinTree(Path.of(args[0])), cgroups)) {
      store.install(TENANT_MAP);
      store.assign(top, row(tenant(1, "a")));
      for (int i = 2; i < args.length; i++) {
        SweepResult swept;
        try (FewDescriptors _ = FewDescriptors.leave(args[i])) {
          swept = store.sweep();
        }
        System.out.println(swept.counts(TENANTS));
        swept.failures().forEach(f -> System.out.println(f.reason() + ": " + f.message()));
      }
    }
  }
}
