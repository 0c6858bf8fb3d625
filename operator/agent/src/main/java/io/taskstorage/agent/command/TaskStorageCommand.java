package io.taskstorage.agent.command;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.console.CommandName;
import io.taskstorage.console.Program;
import io.taskstorage.taskstore.StoreException;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/** {@code taskstorage}: the commands that work on a node's kernel. */
public final class TaskStorageCommand {
  private static final Map<CommandName, Supplier<Object>> COMMANDS =
      Map.ofEntries(
          Map.entry(CommandName.DEMO, DemoCommand::new),
          Map.entry(CommandName.RUN, RunCommand::new),
          Map.entry(CommandName.AGENT, AgentCommand::new),
          Map.entry(CommandName.ENTRIES, EntriesCommand::new),
          Map.entry(CommandName.TOP, TopCommand::new),
          Map.entry(CommandName.GET, GetCommand::new),
          Map.entry(CommandName.SET, SetCommand::new),
          Map.entry(CommandName.DELETE, DeleteCommand::new),
          Map.entry(CommandName.HEADER, HeaderCommand::new),
          Map.entry(CommandName.DOCTOR, DoctorCommand::new),
          Map.entry(CommandName.CLEAN, CleanCommand::new),
          Map.entry(CommandName.VERSION, VersionCommand::new));

  private TaskStorageCommand() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    program().main(arguments, EndOnSignal::programEnds);
  }

  /** The commands, for tests. */
  static CommandLine commandLine(Map<String, String> environment) {
    return program().commandLine(environment);
  }

  private static Program program() {
    return new Program(
        CommandName.Home.NODE, COMMANDS, Set.of(StoreException.class, BpfException.class));
  }
}
