package io.taskstorage.agent.command;

import io.taskstorage.console.CommandFailure;
import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Literal;
import io.taskstorage.layout.Owner;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.EntryAccess.TaskResult;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes fields of one task's entry, and makes the entry where there is none. */
@Command(
    name = "set",
    description = {
      "Writes fields of one task's entry.",
      "The other fields stay as they are, or zero where the task had no entry.",
      "For trying things out: while a policy selects the task, the agent's next pass puts the"
          + " fields that policies own back."
    })
public final class SetCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private MapArgument map = new MapArgument();

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FIELD=VALUE",
      description = "A field and its value, written as in a policy.")
  private List<String> assignments = List.of();

  @ArgGroup(multiplicity = "1")
  private TaskOption task = new TaskOption();

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private NodeOptions node = new NodeOptions();

  @Override
  public void run() {
    RecordedMap found = map.find("set", node.pinTree());
    String operation = "set " + found.name();
    int tid = task.tid(operation);
    List<Change> changes = changes(operation, found.layout());
    TaskResult before = Records.get(found, tid);
    Value value =
        switch (before) {
          case TaskResult.Done(Value existing) -> existing;
          case TaskResult.NoEntry() -> Value.zero(found.layout().sizeBytes());
          case TaskResult other -> throw TaskOption.failure(operation, tid, other);
        };
    for (Change change : changes) {
      value = value.withField(change.field(), change.bytes());
    }
    switch (Records.set(found, tid, value)) {
      case TaskResult.Done(Value written) ->
          new OneEntry(found, tid, written).print(spec.commandLine().getOut(), output.format());
      case TaskResult other -> throw TaskOption.failure(operation, tid, other);
    }
    note(operation, before, changes);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Change(PlacedField field, byte[] bytes) {}

  private List<Change> changes(String operation, StructLayout layout) {
    List<Change> changes = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    SequencedSet<String> seen = new LinkedHashSet<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new ParameterException(spec.commandLine(), "'" + assignment + "' is no FIELD=VALUE");
      }
      String name = assignment.substring(0, equals);
      if (!seen.add(name)) {
        problems.add(name + ": given twice: leave one out");
        continue;
      }
      layout
          .field(name)
          .ifPresentOrElse(
              field -> {
                switch (Literal.encode(field.field(), assignment.substring(equals + 1))) {
                  case Encoded.Bytes(byte[] bytes) -> changes.add(new Change(field, bytes));
                  case Encoded.Problem(String message) -> problems.add(name + ": " + message);
                }
              },
              () -> problems.add(name + ": no such field: use one of " + names(layout)));
    }
    if (!problems.isEmpty()) {
      throw new CommandFailure(
          problems.stream()
              .map(problem -> operation + ": " + problem)
              .collect(Collectors.joining("\n")));
    }
    return changes;
  }

  private void note(String operation, TaskResult before, List<Change> changes) {
    PrintWriter err = spec.commandLine().getErr();
    String owned =
        changes.stream()
            .map(Change::field)
            .filter(field -> field.field().owner() == Owner.POLICY)
            .map(PlacedField::name)
            .collect(Collectors.joining(", "));
    if (!owned.isEmpty()) {
      err.println(
          operation
              + ": policies own "
              + owned
              + ": while one selects the task, the agent's next pass puts its value back");
    }
    if (before instanceof TaskResult.NoEntry) {
      err.println(
          operation
              + ": the task had no entry: a running agent's next pass removes it again unless a"
              + " policy selects the task");
    }
    err.flush();
  }

  private static String names(StructLayout layout) {
    return layout.fields().stream().map(PlacedField::name).collect(Collectors.joining(", "));
  }
}
