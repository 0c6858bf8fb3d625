package io.taskstorage.cli.node;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * By a command that the user gives, such as {@code ssh root@$NODE taskstorage}: a shell runs it
 * with what is asked for as its last arguments, and with the node's name in {@code NODE}.
 */
public final class ShellTransport implements NodeTransport {
  private final String via;
  private final String node;

  public ShellTransport(String via, String node) {
    this.via = via;
    this.node = node;
  }

  @Override
  public int run(List<String> command, PrintWriter out, PrintWriter err) {
    // What is asked for is never part of the shell's text, so nothing in it can be taken for one.
    List<String> words = new ArrayList<>(List.of("sh", "-c", via + " \"$@\"", "sh"));
    words.addAll(command);
    return ChildProcess.run(words, Map.of("NODE", node), out, err);
  }
}
