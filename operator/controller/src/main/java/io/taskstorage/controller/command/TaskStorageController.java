package io.taskstorage.controller.command;

import io.taskstorage.console.CommandName;
import io.taskstorage.console.Program;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;

/** {@code taskstorage}: the command that runs once in a cluster. */
public final class TaskStorageController {

  private TaskStorageController() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    program().main(arguments);
  }

  /** The commands, for tests. */
  public static CommandLine commandLine(Map<String, String> environment) {
    return program().commandLine(environment);
  }

  private static Program program() {
    return new Program(
        CommandName.Home.CLUSTER, Map.of(CommandName.CONTROLLER, ControllerCommand::new), Set.of());
  }
}
