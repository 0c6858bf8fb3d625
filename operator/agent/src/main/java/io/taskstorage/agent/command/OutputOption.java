package io.taskstorage.agent.command;

import picocli.CommandLine.Option;

/** {@code -o}, of every command that prints data. */
public final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "How to print: table (the default) or json.")
  private OutputFormat format = OutputFormat.TABLE;

  public OutputFormat format() {
    return format;
  }
}
