package io.taskstorage.cli.node;

import java.io.PrintWriter;
import java.util.List;

/** A way to a node of the cluster. */
public interface NodeTransport {
  /**
   * Runs a command of taskstorage on the node, and returns when it has ended. What it prints goes
   * to the writers, which stay open.
   *
   * @param command without the program's name, such as {@code entries tenant-ctx}
   * @return its exit code
   * @throws io.taskstorage.console.CommandFailure if the way there cannot be begun
   */
  int run(List<String> command, PrintWriter out, PrintWriter err);
}
