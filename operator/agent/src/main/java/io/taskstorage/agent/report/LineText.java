package io.taskstorage.agent.report;

import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.execute.Outcome.Effect;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.taskstore.Installation;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.SweepCounts;
import io.taskstorage.taskstore.TaskFailure;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Lines for people. */
public final class LineText {
  private LineText() {}

  /** One line, without line end. A step tells the values that it gives. */
  public static String of(Line line) {
    return of(line, Step::describe);
  }

  /** The same without values, for logs. */
  public static String withoutValues(Line line) {
    return of(line, Step::outline);
  }

  private static String of(Line line, Function<Step, String> described) {
    return switch (line) {
      case Line.ProblemFound(var problem) -> problem.toString();
      case Line.ProblemMended(var problem) -> "mended: " + problem.where();
      case Line.Noticed(var notice) -> notice.toString();
      case Line.Stepped(var outcome) -> described.apply(outcome.step()) + result(outcome);
      case Line.Swept(var map, var counts) -> "tasks: sweep  map " + map + "  " + counts(counts);
      case Line.Warned(var message) -> "warning: " + message;
      case Line.Unreadable(var message) -> message;
      case Line.ReadableAgain(var message) -> "mended: " + message;
      case Line.TasksFailed(var failure) -> "tasks: " + failure(failure);
      case Line.TasksMended(var failure) -> "mended: tasks: " + failure(failure);
      case Line.StatusChanged(var status) -> status(status);
      case Line.ObjectGone(var key) -> key + ": gone";
    };
  }

  private static String result(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done(var _, var effect) -> effect(effect);
      case Outcome.Failed(var _, var problem) -> ": " + problem.reason() + ": " + problem.message();
      case Outcome.Skipped(var _, var because) -> ": skipped: " + because;
    };
  }

  private static String effect(Effect effect) {
    return switch (effect) {
      case Effect.AsPlanned _, Effect.Swept _ -> "";
      case Effect.Installed(Installation.Created _) -> ": created";
      case Effect.Installed(Installation.Adopted _) -> ": adopted with its entries";
      case Effect.Installed(Installation.Replaced(var _, var differences)) ->
          ": new map in place of the old one (%s): who holds the old one must open the pin again"
              .formatted(String.join("; ", differences));
      case Effect.AssignedWithout(var maps) ->
          ": without "
              + maps.stream().map(MapName::toString).collect(Collectors.joining(", "))
              + ", which is not there";
    };
  }

  private static String counts(SweepCounts counts) {
    return "tasks "
        + counts.tasks()
        + counted("created", counts.created())
        + counted("updated", counts.updated())
        + counted("deleted", counts.deleted())
        + counted("late", counts.late())
        + counted("foreign", counts.foreign())
        + counted("failed", counts.failed());
  }

  private static String counted(String word, int number) {
    return number == 0 ? "" : "  " + word + " " + number;
  }

  private static String failure(TaskFailure failure) {
    return failure.map().map(map -> "map " + map + ": ").orElse("")
        + failure.reason()
        + ": "
        + failure.message();
  }

  private static String status(ObjectStatus status) {
    Condition ready = status.ready();
    String message = String.valueOf(ready.message());
    return "%s: Ready %s  %s%s"
        .formatted(
            status.key(), ready.status(), ready.reason(), message.isEmpty() ? "" : ": " + message);
  }
}
