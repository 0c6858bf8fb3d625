package io.taskstorage.agent.execute;

import io.taskstorage.agent.plan.Step;
import io.taskstorage.taskstore.SweepResult;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A step, for JDK Flight Recorder: how long the kernel took for it. Costs nothing unrecorded. */
@Name("io.taskstorage.Step")
@Label("Step")
@Category("Task Storage")
@StackTrace(false)
final class StepEvent extends Event {
  @Label("Step")
  String step = "";

  @Label("Map or cgroup")
  String object = "";

  @Label("Reason of a refusal")
  String refusal = "";

  @Label("Entries changed")
  int changes;

  @Label("Entries failed")
  int failed;

  /** Ends the event with what became of the step. */
  void end(Outcome outcome) {
    end();
    if (!shouldCommit()) {
      return;
    }
    step = outcome.step().getClass().getSimpleName();
    object = object(outcome.step());
    switch (outcome) {
      case Outcome.Done(var _, Outcome.Effect.Swept(SweepResult swept)) -> {
        changes = swept.changes();
        failed = swept.maps().values().stream().mapToInt(counts -> counts.failed()).sum();
      }
      case Outcome.Failed(var _, var problem) -> refusal = problem.reason();
      case Outcome.Skipped(var _, String because) -> refusal = because;
      case Outcome.Done _ -> {}
    }
    commit();
  }

  private static String object(Step step) {
    return switch (step) {
      case Step.InstallMap install -> install.map().name().value();
      case Step.PublishMap publish -> publish.map().value();
      case Step.RemoveMap remove -> remove.map().value();
      case Step.Assign assign -> assign.cgroup().path();
      case Step.Unassign unassign -> unassign.cgroup().path();
      case Step.Sweep _ -> "";
    };
  }
}
