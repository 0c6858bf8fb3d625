package io.taskstorage.agent.execute;

import io.taskstorage.agent.observe.InForce;
import java.util.List;

/**
 * What became of a plan.
 *
 * @param outcomes one for each step, in order
 * @param inForce what the store holds now
 */
public record Execution(List<Outcome> outcomes, InForce inForce) {
  /** Copies the list. */
  public Execution {
    outcomes = List.copyOf(outcomes);
  }

  /** True if all of it was a sweep, and that found every task in line. */
  public boolean isStill() {
    return outcomes.size() == 1
        && outcomes.getFirst() instanceof Outcome.Done(var _, Outcome.Effect.Swept(var swept))
        && swept.changes() == 0;
  }
}
