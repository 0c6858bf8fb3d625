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
  static TaskStore open(
      PlaneChoice choice, PinTree pins, Membership cgroups, Consumer<String> note) {
    return open(choice, pins, cgroups, TaskStores::firstAct, note);
  }

  static TaskStore open(
      PlaneChoice choice,
      PinTree pins,
      Membership cgroups,
      Supplier<ProbeResult> firstAct,
      Consumer<String> note) {
    if (choice == PlaneChoice.RESCAN) {
      return TaskStores.rescan(pins, cgroups);
    }
    return switch (firstAct.get()) {
      case ProbeResult.Yes() -> TaskStores.inKernel(pins, cgroups);
      case ProbeResult.No(String reason, String mend) -> {
        if (choice == PlaneChoice.IN_KERNEL) {
          throw new CommandFailure("open plane in-kernel: " + reason + ": " + mend);
        }
        note.accept("plane Rescan, not InKernel: " + reason + ": " + mend);
        yield TaskStores.rescan(pins, cgroups);
      }
      case ProbeResult.Unknown(BpfException cause) ->
          throw new CommandFailure(
              "try plane in-kernel: "
                  + cause.getMessage()
                  + ": start again when that is mended, or choose --plane rescan",
              cause);
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
