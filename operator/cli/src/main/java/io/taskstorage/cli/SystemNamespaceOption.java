package io.taskstorage.cli;

import picocli.CommandLine.Option;

/** Where the operator is installed, of every command that looks at its pods. */
final class SystemNamespaceOption {
  @Option(
      names = "--system-namespace",
      paramLabel = "NAME",
      defaultValue = "taskstorage-system",
      description = "Where the agents and the controller are (default: taskstorage-system).")
  private String namespace = "taskstorage-system";

  String namespace() {
    return namespace;
  }
}
