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
import java.util.Optional;
import java.util.function.Consumer;

/** Opens a plane on the kernel's maps. */
final class Planes {
  private static final Duration SCAN = Duration.ofSeconds(1);
  private static final Duration VERIFY = Duration.ofSeconds(60);

  private Planes() {}

  /**
   * The plane that was asked for, or the best that the kernel offers.
   *
   * @param note told why it is not the one in the kernel, where nothing was asked for
   * @throws CommandFailure if the plane that was asked for does not work here
   */
  static TaskStore open(
      PlaneChoice choice, PinTree pins, Membership cgroups, Consumer<String> note) {
    if (choice == PlaneChoice.RESCAN) {
      return TaskStores.rescan(pins, cgroups);
    }
    Optional<String> refusal = refusal(TaskStores.firstAct());
    if (refusal.isEmpty()) {
      return TaskStores.inKernel(pins, cgroups);
    }
    if (choice == PlaneChoice.IN_KERNEL) {
      throw new CommandFailure("open plane in-kernel: " + refusal.get());
    }
    note.accept("plane Rescan, not InKernel: " + refusal.get());
    return TaskStores.rescan(pins, cgroups);
  }

  /** Why programs do not keep the promise here, and how to mend it. */
  private static Optional<String> refusal(ProbeResult tried) {
    return switch (tried) {
      case ProbeResult.Yes() -> Optional.empty();
      case ProbeResult.No(String reason, String mend) -> Optional.of(reason + ": " + mend);
      case ProbeResult.Unknown(BpfException cause) ->
          Optional.of(String.valueOf(cause.getMessage()));
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
