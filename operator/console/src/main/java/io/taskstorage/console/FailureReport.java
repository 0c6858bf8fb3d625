package io.taskstorage.console;

import java.io.PrintWriter;
import java.util.Set;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns whatever ends a command early into one message and an exit code. Stack traces are shown
 * only with {@code --debug} or {@code TASKSTORAGE_DEBUG=1}.
 */
final class FailureReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final BooleanSupplier debug;
  private final Set<Class<? extends RuntimeException>> told;

  /**
   * A report.
   *
   * @param told exceptions whose message is meant for the user as it is
   */
  FailureReport(BooleanSupplier debug, Set<Class<? extends RuntimeException>> told) {
    this.debug = debug;
    this.told = told;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    boolean isTraced = debug.getAsBoolean();
    err.println(message(failure, command.getCommandSpec().qualifiedName(), isTraced));
    if (isTraced) {
      failure.printStackTrace(err);
    }
    err.flush();
    return ExitCode.FAILED;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(
        name
            + ": "
            + lowerCaseFirst(textOf(failure).replaceFirst("^Error: ", ""))
            + ": see '"
            + name
            + " --help'");
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.flush();
    return ExitCode.USAGE;
  }

  private String message(Exception failure, String command, boolean isTraced) {
    if (failure instanceof CommandFailure
        || told.stream().anyMatch(known -> known.isInstance(failure))) {
      return textOf(failure);
    }
    return command
        + ": unexpected "
        + failure
        + (isTraced
            ? ": report it with what follows"
            : ": run it again with TASKSTORAGE_DEBUG=1 and report what it prints");
  }

  private static String textOf(Exception failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static String lowerCaseFirst(String message) {
    return message.isEmpty() || (message.length() > 1 && Character.isUpperCase(message.charAt(1)))
        ? message
        : Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }
}
