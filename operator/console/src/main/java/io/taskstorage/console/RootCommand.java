package io.taskstorage.console;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code taskstorage} itself, with what holds for all of its commands. */
@Command(
    name = "taskstorage",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = RootCommand.VersionAnswer.class,
    description = "Puts a typed value on every selected task of this node.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n")
final class RootCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show where an unexpected failure came from, as TASKSTORAGE_DEBUG=1 does.")
  private boolean debug;

  boolean debug() {
    return debug;
  }

  /** Without a command there is nothing to do: say what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  /** The answer to {@code --version}. */
  static final class VersionAnswer implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"taskstorage " + Version.text()};
    }
  }
}
