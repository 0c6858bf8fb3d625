package io.taskstorage.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tasks and CPU time by the value of a field, on a node of a cluster. */
@Command(
    name = "top",
    description = {
      "Sums up tasks and CPU time by the value of a field.",
      "CPU time is in seconds, since each task began; tasks that have ended do not count.",
      "The node itself answers: taskstorage top runs there, in the agent's pod by kubectl exec"
          + " unless another way is given. Changes nothing."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:Shown.", "1:Failed, here or there.", "2:Wrong usage."})
public final class NodeTopCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private NodeMapQuestion question = new NodeMapQuestion();

  @Option(names = "--by", required = true, paramLabel = "FIELD", description = "Field of the map.")
  private String by = "";

  @Override
  public Integer call() {
    return question.ask(spec.commandLine(), "--by", by);
  }
}
