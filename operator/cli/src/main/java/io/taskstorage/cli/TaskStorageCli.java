package io.taskstorage.cli;

import io.taskstorage.console.CommandName;
import io.taskstorage.console.Program;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/** {@code taskstorage}: the commands that need no kernel. */
public final class TaskStorageCli {
  private static final Map<CommandName, Supplier<Object>> COMMANDS =
      Map.of(
          CommandName.LINT, LintCommand::new,
          CommandName.LAYOUT, LayoutCommand::new,
          CommandName.PREVIEW, PreviewCommand::new,
          CommandName.STATUS, StatusCommand::new,
          CommandName.EXPLAIN, ExplainCommand::new,
          CommandName.ENTRIES, NodeEntriesCommand::new,
          CommandName.TOP, NodeTopCommand::new,
          CommandName.DOCTOR, ClusterDoctorCommand::new);

  private TaskStorageCli() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    program().main(arguments);
  }

  /** The commands, for tests. */
  public static CommandLine commandLine(Map<String, String> environment) {
    return program().commandLine(environment);
  }

  private static Program program() {
    return new Program(CommandName.Home.MANIFESTS, COMMANDS, Set.of());
  }
}
