package io.taskstorage.cli;

import picocli.CommandLine.Option;

/** How a command prints that a node's own command of the same name answers, too. */
final class NodeFormatOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "How to print: table (the default) or json.")
  private NodeFormat format = NodeFormat.TABLE;

  NodeFormat format() {
    return format;
  }
}
