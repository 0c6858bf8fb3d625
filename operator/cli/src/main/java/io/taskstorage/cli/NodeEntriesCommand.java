package io.taskstorage.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The entries of a map on a node of a cluster. */
@Command(
    name = "entries",
    description = {
      "Lists the tasks that have an entry in a map, with their fields.",
      "The node itself answers: taskstorage entries runs there, in the agent's pod by kubectl exec"
          + " unless another way is given. Changes nothing."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:Listed.", "1:Failed, here or there.", "2:Wrong usage."})
public final class NodeEntriesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private NodeOption way = new NodeOption();

  @Parameters(index = "0", paramLabel = "MAP", description = "Name of the TaskStorageMap.")
  private String map = "";

  @Option(names = "--node", required = true, paramLabel = "NAME", description = "The node.")
  private String node = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "How to print: table (the default) or json.")
  private NodeFormat format = NodeFormat.TABLE;

  @Override
  public Integer call() {
    return way.to(node)
        .run(
            List.of("entries", map, "-o", format.toString()),
            spec.commandLine().getOut(),
            spec.commandLine().getErr());
  }
}
