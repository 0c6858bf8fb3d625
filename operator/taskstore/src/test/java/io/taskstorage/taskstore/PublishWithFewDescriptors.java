package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;

import java.nio.file.Path;

/**
 * A process of its own, started with a low limit of open files, that opens a store, installs and
 * publishes a map several times and says what came of it. Arguments: bpffs, cgroup folder, and for
 * each time how many descriptors are free.
 */
final class PublishWithFewDescriptors {
  private PublishWithFewDescriptors() {}

  public static void main(String[] args) throws Exception {
    CgroupTree cgroups = CgroupTree.open(Path.of(args[1]));
    PinTree tree = new PinTree(Path.of(args[0]));
    FewDescriptors.loadClasses();
    for (int i = 2; i < args.length; i++) {
      String published;
      try (FewDescriptors _ = FewDescriptors.leave(args[i])) {
        published = publish(tree, cgroups);
      }
      System.out.println(published);
    }
  }

  private static String publish(PinTree tree, Membership cgroups) {
    try (TaskStore store = TaskStores.rescan(tree, cgroups)) {
      Installation how = store.install(TENANT_MAP);
      store.publish(TENANTS);
      return how.getClass().getSimpleName();
    } catch (StoreException e) {
      return e.problem().reason() + ": " + e.getMessage();
    }
  }
}
