package io.taskstorage.agent.execute;

import io.taskstorage.agent.plan.Step;
import io.taskstorage.taskstore.Installation;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.StoreProblem;
import io.taskstorage.taskstore.SweepResult;
import java.util.SortedSet;

/** What became of a step. */
public sealed interface Outcome {

  /** The step. */
  Step step();

  /** Done; {@code effect} says more where there is more to say. */
  record Done(Step step, Effect effect) implements Outcome {}

  /** Refused; the store holds what it held. */
  record Failed(Step step, StoreProblem problem) implements Outcome {}

  /** Not tried, because a step before it failed for the same map. */
  record Skipped(Step step, String because) implements Outcome {}

  /** What a step that was done brought about. */
  sealed interface Effect {

    /** What its name says. */
    record AsPlanned() implements Effect {}

    /** How the kernel map came to be. */
    record Installed(Installation installation) implements Effect {}

    /** The row was assigned without the maps that are not there. */
    record AssignedWithout(SortedSet<MapName> maps) implements Effect {}

    /** What the sweep found and did. */
    record Swept(SweepResult result) implements Effect {}
  }
}
