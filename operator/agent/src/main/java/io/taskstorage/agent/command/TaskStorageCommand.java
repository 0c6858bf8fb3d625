package io.taskstorage.agent.command;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code taskstorage}: the commands of a node. */
@Command(
    name = "taskstorage",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    description = "Puts a typed value on every selected task of this node.",
    subcommands = {RunCommand.class})
public final class TaskStorageCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine(System.getenv()).execute(arguments));
  }

  /** The commands, for main and for tests. */
  static CommandLine commandLine(Map<String, String> environment) {
    TaskStorageCommand root = new TaskStorageCommand();
    CommandLine commandLine = new CommandLine(root);
    boolean asked = "1".equals(environment.get("TASKSTORAGE_DEBUG"));
    FailureReport report = new FailureReport(asked);
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(report)
        .setParameterExceptionHandler(report);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing command");
  }
}
