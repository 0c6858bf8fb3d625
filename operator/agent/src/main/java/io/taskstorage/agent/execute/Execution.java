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
}
