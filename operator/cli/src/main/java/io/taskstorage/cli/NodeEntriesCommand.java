package io.taskstorage.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
  @Mixin private NodeMapQuestion question = new NodeMapQuestion();

  @Override
  public Integer call() {
    return question.ask(spec.commandLine());
  }
}
