package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.hint;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;

import io.taskstorage.bpf.Capabilities;
import java.nio.file.Path;
import java.util.Map;

/**
 * A process of its own, started with few capabilities, that uses all of the plane in the kernel and
 * says what came of it. Arguments: bpffs, cgroup folder, the id of a task in it, and whether it
 * leaves what it did in force ("leave") or ends it ("end").
 */
final class InKernelTurn {
  private InKernelTurn() {}

  public static void main(String[] args) {
    System.out.printf("capabilities %x%n", Capabilities.current().effective());
    PinTree tree = new PinTree(Path.of(args[0]));
    CgroupTree cgroups = CgroupTree.open(Path.of(args[1]));
    CgroupId top = cgroups.cgroups().cgroups().getFirst().id();
    int tid = Integer.parseInt(args[2]);
    try (TaskStore store = TaskStores.inKernel(tree, cgroups)) {
      System.out.println(store.install(TENANT_MAP));
      store.assign(top, row(tenant(1, "a")));
      System.out.println("sweep " + store.sweep().counts(TENANTS));
      store.publish(TENANTS);
      System.out.println("task " + store.access(TENANTS).get(tid));
      if (args[3].equals("leave")) {
        return;
      }
      store.install(HINT_MAP);
      store.assign(top, new Row(Map.of(TENANTS, tenant(2, "b"), HINTS, hint(7))));
      SweepResult both = store.sweep();
      System.out.println("sweep " + both.counts(TENANTS) + " " + both.counts(HINTS));
      System.out.println("verify " + store.verify().changes());
      System.out.println("entries " + store.entries(HINTS).size());
      store.remove(HINTS, Reclaim.DELETE);
      store.unassign(top);
      System.out.println("sweep " + store.sweep().counts(TENANTS));
      store.remove(TENANTS, Reclaim.DELETE);
    } catch (StoreException e) {
      System.out.println(e.problem().reason() + ": " + e.getMessage());
    }
  }
}
