package io.taskstorage.console;

import io.taskstorage.console.CommandName.Home;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/**
 * One of the programs behind {@code taskstorage}: it runs its own commands, and lists and suggests
 * those of the others too.
 *
 * @param home whose commands these are
 * @param commands makes each of them, annotated for picocli
 * @param failures exceptions whose message is meant for the user as it is, beside {@link
 *     CommandFailure}
 */
public record Program(
    Home home,
    Map<CommandName, Supplier<Object>> commands,
    Set<Class<? extends RuntimeException>> failures) {
  private static final int USAGE_WIDTH = 90;

  /** Where the launcher says how it was called, if by another name: as a plugin of kubectl. */
  private static final String CALLED_AS = "TASKSTORAGE_CALLED_AS";

  /**
   * Names the script whose interpreter this JVM is, if one is: its path then comes before the
   * arguments, as the kernel puts it there.
   */
  private static final String SCRIPT = "taskstorage.script";

  /** Refuses a program that lacks one of its commands. */
  public Program {
    commands = Map.copyOf(commands);
    failures = Set.copyOf(failures);
    Set<CommandName> own = new TreeSet<>(commands.keySet());
    for (CommandName name : CommandName.values()) {
      if (own.contains(name) != name.home().isIn(home)) {
        throw new IllegalArgumentException(
            "make program %s: command %s: belongs to %s".formatted(home, name, name.home()));
      }
    }
  }

  /** Runs a command and ends the process with its exit code. */
  public void main(String[] arguments) {
    main(arguments, _ -> {});
  }

  /**
   * The same for a program that a signal may be ending already.
   *
   * @param ends is told the exit code when all output is written
   */
  public void main(String[] words, IntConsumer ends) {
    String[] arguments = arguments(words, Optional.ofNullable(System.getProperty(SCRIPT)));
    Terminal terminal = Terminal.ofStandardOutput();
    CommandLine commandLine =
        commandLine(System.getenv(), needed(arguments))
            .setOut(writer(FileDescriptor.out, terminal))
            .setErr(writer(FileDescriptor.err, terminal))
            .setColorScheme(
                CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
    int exitCode = commandLine.execute(arguments);
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    ends.accept(exitCode);
    System.exit(exitCode);
  }

  /** What the user typed: all words, without the script that comes first. */
  static String[] arguments(String[] words, Optional<String> script) {
    boolean byScript = words.length > 0 && script.equals(Optional.of(words[0]));
    return byScript ? Arrays.copyOfRange(words, 1, words.length) : words;
  }

  /** All the commands, as tests and the help see them. */
  public CommandLine commandLine(Map<String, String> environment) {
    return commandLine(environment, EnumSet.allOf(CommandName.class));
  }

  /**
   * The command that is named alone, if it is here: each of the others would make it start later.
   */
  Set<CommandName> needed(String[] arguments) {
    Optional<String> first =
        Arrays.stream(arguments).filter(word -> !word.startsWith("-")).findFirst();
    return commands.keySet().stream()
        .filter(name -> first.equals(Optional.of(name.toString())))
        .findFirst()
        .<Set<CommandName>>map(EnumSet::of)
        .orElseGet(() -> EnumSet.allOf(CommandName.class));
  }

  private CommandLine commandLine(Map<String, String> environment, Set<CommandName> needed) {
    RootCommand root = new RootCommand();
    boolean asked = "1".equals(environment.get("TASKSTORAGE_DEBUG"));
    FailureReport report = new FailureReport(() -> root.debug() || asked, failures);
    CommandLine commandLine = new CommandLine(root);
    commandLine.setCommandName(environment.getOrDefault(CALLED_AS, commandLine.getCommandName()));
    needed.forEach(name -> commandLine.addSubcommand(name.toString(), command(name)));
    return commandLine
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setUsageHelpWidth(USAGE_WIDTH)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(report)
        .setParameterExceptionHandler(report);
  }

  private Object command(CommandName name) {
    Supplier<Object> own = commands.get(name);
    return own != null ? own.get() : elsewhere(name);
  }

  /** Stands in the lists for a command of another program; the launcher never starts it here. */
  private static CommandSpec elsewhere(CommandName name) {
    Runnable refuse =
        () -> {
          throw new CommandFailure(
              name + ": is a command of another program: start it by the launcher, taskstorage");
        };
    CommandSpec spec = CommandSpec.wrapWithoutInspection(refuse);
    spec.usageMessage().description(name.description());
    spec.parser().unmatchedArgumentsAllowed(true);
    return spec;
  }

  /** Programs read UTF-8 whatever the locale is; a terminal gets what it understands. */
  private static PrintWriter writer(FileDescriptor descriptor, Terminal terminal) {
    Charset charset = terminal.interactive() ? System.out.charset() : StandardCharsets.UTF_8;
    return new PrintWriter(new FileOutputStream(descriptor), false, charset);
  }
}
