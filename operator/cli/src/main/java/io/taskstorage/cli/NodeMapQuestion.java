package io.taskstorage.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is asked of a node about one of its maps. */
final class NodeMapQuestion {
  @Mixin private NodeOption way = new NodeOption();

  @Parameters(index = "0", paramLabel = "MAP", description = "Name of the TaskStorageMap.")
  private String map = "";

  @Option(names = "--node", required = true, paramLabel = "NAME", description = "The node.")
  private String node = "";

  @Mixin private NodeFormatOption output = new NodeFormatOption();

  /**
   * Lets the node answer by its own command of the same name. Returns its exit code.
   *
   * @param asker the command that asks
   * @param more what else the node's command is given
   */
  int ask(CommandLine asker, String... more) {
    List<String> words = new ArrayList<>(List.of(asker.getCommandName(), map));
    words.addAll(List.of(more));
    words.addAll(List.of("-o", output.format().toString()));
    return way.to(node).run(words, asker.getOut(), asker.getErr());
  }
}
