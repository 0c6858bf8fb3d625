package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

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
    loadClasses();
    try (TaskStore store = TaskStores.rescan(new PinTree(Path.of(args[0])), cgroups)) {
      store.install(TENANT_MAP);
      store.assign(top, row(tenant(1, "a")));
      for (int i = 2; i < args.length; i++) {
        List<FileInputStream> fillers = args[i].equals("all") ? List.of() : fill(args[i]);
        SweepResult swept = store.sweep();
        for (FileInputStream filler : fillers) {
          filler.close();
        }
        System.out.println(swept.counts(TENANTS));
        swept.failures().forEach(f -> System.out.println(f.reason() + ": " + f.message()));
      }
    }
  }

  /** Opens all descriptors but so many. */
  private static List<FileInputStream> fill(String free) throws IOException {
    List<FileInputStream> fillers = new ArrayList<>();
    try {
      while (true) {
        fillers.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      for (int i = 0; i < Integer.parseInt(free); i++) {
        fillers.removeLast().close();
      }
      return fillers;
    }
  }

  /** Reading a class from a folder would need a descriptor. */
  private static void loadClasses() throws Exception {
    Path folder =
        Path.of(Objects.requireNonNull(TaskStore.class.getResource("TaskStore.class")).toURI())
            .getParent();
    try (Stream<Path> files = Files.list(Objects.requireNonNull(folder))) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName()).replace(".class", "");
        Class.forName(TaskStore.class.getPackageName() + "." + name);
      }
    }
  }
}
