package io.taskstorage.controller.command;

import io.taskstorage.controller.reconcile.Controller;

/** Lets a signal end the controller in order, with exit code 0. */
final class EndOnSignal {

  private EndOnSignal() {}

  /** From now on a signal closes it before the process ends. */
  static void close(Controller controller) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (controller.isClosed()) {
                    // The process ends by itself, with an exit code of its own.
                    return;
                  }
                  controller.close();
                  // Without this the exit code would be that of the signal.
                  Runtime.getRuntime().halt(0);
                },
                "end-on-signal"));
  }
}
