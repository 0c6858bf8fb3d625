package io.taskstorage.agent.command;

import io.taskstorage.taskstore.EntryAccess.TaskResult;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import java.io.PrintWriter;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Removes one task's entry. */
@Command(
    name = "delete",
    description = {
      "Removes the entry of one task.",
      "For trying things out: while a policy selects the task, the agent's next pass makes it"
          + " again."
    })
public final class DeleteCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private MapArgument map = new MapArgument();

  @ArgGroup(multiplicity = "1")
  private TaskOption task = new TaskOption();

  @Mixin private NodeOptions node = new NodeOptions();

  @Override
  public void run() {
    RecordedMap found = map.find("delete", node.pinTree());
    String operation = "delete " + found.name();
    int tid = task.tid(operation);
    switch (Records.delete(found, tid)) {
      case TaskResult.Done _ -> {
        PrintWriter out = spec.commandLine().getOut();
        out.println(
            operation
                + ": the entry of task "
                + tid
                + " is gone; while a policy selects the task, the agent's next pass makes it"
                + " again");
        out.flush();
      }
      case TaskResult other -> throw TaskOption.failure(operation, tid, other);
    }
  }
}
