package io.taskstorage.agent.report;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.execute.Execution;
import io.taskstorage.agent.observe.Observed;
import java.util.List;

/**
 * What a turn changed, as lines, and how things stand after it. Pure; never looks at the kernel.
 *
 * @param lines the changes: problems, then steps, then conditions
 * @param standing after the turn
 */
public record Report(List<Line> lines, Standing standing) {

  /** Copies the list. */
  public Report {
    lines = List.copyOf(lines);
  }

  /** The report of a turn. */
  public static Report of(
      Standing before, Observed observed, Desired desired, Execution execution) {
    return new ReportComputation(before).of(observed, desired, execution);
  }

  /** The report of an end that takes everything away. */
  public static Report ofEnd(Standing before, Execution execution) {
    return new ReportComputation(before).ofEnd(execution);
  }
}
