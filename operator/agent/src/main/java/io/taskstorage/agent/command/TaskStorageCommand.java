package io.taskstorage.agent.command;

import io.taskstorage.agent.print.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code taskstorage}: the commands of a node. */
@Command(
    name = "taskstorage",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = TaskStorageCommand.Version.class,
    description = "Puts a typed value on every selected task of this node.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      EntriesCommand.class,
      GetCommand.class,
      SetCommand.class,
      DeleteCommand.class,
      HeaderCommand.class,
      DoctorCommand.class,
      CleanCommand.class,
      VersionCommand.class
    })
public final class TaskStorageCommand implements Callable<Integer> {
  private static final int USAGE_WIDTH = 90;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show where an unexpected failure came from, as TASKSTORAGE_DEBUG=1 does.")
  private boolean debug;

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Terminal terminal = Terminal.ofStandardOutput();
    CommandLine commandLine =
        commandLine(System.getenv())
            .setOut(writer(FileDescriptor.out, terminal))
            .setErr(writer(FileDescriptor.err, terminal))
            .setColorScheme(
                CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
    int exitCode = commandLine.execute(arguments);
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    System.exit(exitCode);
  }

  /** The commands, for main and for tests. */
  static CommandLine commandLine(Map<String, String> environment) {
    TaskStorageCommand root = new TaskStorageCommand();
    boolean asked = "1".equals(environment.get("TASKSTORAGE_DEBUG"));
    FailureReport failures = new FailureReport(() -> root.debug || asked);
    return new CommandLine(root)
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setUsageHelpWidth(USAGE_WIDTH)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures);
  }

  /** Without a command there is nothing to do: say what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }

  /** Programs read UTF-8 whatever the locale is; a terminal gets what it understands. */
  private static PrintWriter writer(FileDescriptor descriptor, Terminal terminal) {
    Charset charset = terminal.interactive() ? System.out.charset() : StandardCharsets.UTF_8;
    return new PrintWriter(new FileOutputStream(descriptor), false, charset);
  }

  /** The answer to {@code --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"taskstorage " + VersionCommand.version()};
    }
  }
}
