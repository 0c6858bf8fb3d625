package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANT_MAP;

import io.taskstorage.bpf.BpfException;
import java.nio.file.Path;

/**
 * A process of its own, started with a low limit of open files, that looks at a pin several times
 * and says what it saw. Arguments: pin, and for each time how many descriptors are free.
 */
final class InspectWithFewDescriptors {
  private InspectWithFewDescriptors() {}

  public static void main(String[] args) throws Exception {
    Path pin = Path.of(args[0]);
    FewDescriptors.loadClasses();
    for (int i = 1; i < args.length; i++) {
      String seen;
      try (FewDescriptors _ = FewDescriptors.leave(args[i])) {
        seen = look(pin);
      }
      System.out.println(seen);
    }
  }

  private static String look(Path pin) {
    try {
      return MapInspection.publicPin(pin, TENANT_MAP).getClass().getSimpleName()
          + " "
          + MapInspection.mapId(pin).isPresent();
    } catch (BpfException e) {
      return e.errno().name();
    }
  }
}
