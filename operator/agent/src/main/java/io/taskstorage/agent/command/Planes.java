package io.taskstorage.agent.command;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.taskstore.Membership;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Plane;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Opens a plane on the kernel's maps. */
final class Planes {
  private static final Duration SCAN = Duration.ofSeconds(1);
  private static final Duration VERIFY = Duration.ofSeconds(60);

  private Planes() {}

  /**
   * The plane that was asked for, or the best that the kernel offers.
   *
   * @param note told why it is not the one in the kernel, where nothing was asked for
   * @throws CommandFailure if the plane that was asked for does not work here, or if it could not
   *     be tried: passes would end programs that an earlier process left in force
   */
  static Plane choose(PlaneChoice choice, Consumer<String> note) {
    return choose(choice, TaskStores::firstAct, note);
  }

  static Plane choose(PlaneChoice choice, Supplier<ProbeResult> firstAct, Consumer<String> note) {
    if (choice == PlaneChoice.RESCAN) {
      return Plane.RESCAN;
    }
    return switch (firstAct.get()) {
      case ProbeResult.Yes() -> Plane.IN_KERNEL;
      case ProbeResult.No(String reason, String mend) -> {
        if (choice == PlaneChoice.IN_KERNEL) {
          throw new CommandFailure("open plane in-kernel: " + reason + ": " + mend);
        }
        note.accept("plane Rescan, not InKernel: " + reason + ": " + mend);
        yield Plane.RESCAN;
      }
      case ProbeResult.Unknown(BpfException cause) ->
          throw new CommandFailure(
              "try plane in-kernel: "
                  + cause.getMessage()
                  + ": start again when that is mended, or choose --plane rescan",
              cause);
    };
  }

  /** Opens a plane; its node is this process's until it is closed. */
  static TaskStore open(Plane plane, PinTree pins, Membership cgroups) {
    return switch (plane) {
      case IN_KERNEL -> TaskStores.inKernel(pins, cgroups);
      case RESCAN -> TaskStores.rescan(pins, cgroups);
      case EMULATED -> TaskStores.emulated(cgroups);
    };
  }

  /** From one pass over the tasks to the next, where nothing else was asked for. */
  static Duration interval(Plane plane) {
    return switch (plane) {
      case IN_KERNEL -> VERIFY;
      case RESCAN, EMULATED -> SCAN;
    };
  }
}
