package io.taskstorage.agent.command;

import io.taskstorage.taskstore.EntryAccess.TaskResult;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** One task's entry. */
@Command(
    name = "get",
    description = "Prints the entry of one task, field by field, as the kernel has it now.")
public final class GetCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private MapArgument map = new MapArgument();

  @ArgGroup(multiplicity = "1")
  private TaskOption task = new TaskOption();

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private NodeOptions node = new NodeOptions();

  @Override
  public void run() {
    RecordedMap found = map.find("get", node.pinTree());
    String operation = "get " + found.name();
    int tid = task.tid(operation);
    switch (Records.get(found, tid)) {
      case TaskResult.Done(var value) ->
          new OneEntry(found, tid, value).print(spec.commandLine().getOut(), output.format());
      case TaskResult other -> throw TaskOption.failure(operation, tid, other);
    }
  }
}
