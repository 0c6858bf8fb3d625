package io.taskstorage.cli.doctor;

import io.taskstorage.console.Check;
import io.taskstorage.console.Fact;
import io.taskstorage.console.Finding;
import java.util.List;

/**
 * What a cluster lacks.
 *
 * @param checks in the order in which they are to be mended
 * @param facts what is so, without being good or bad
 */
public record ClusterDiagnosis(List<Check> checks, List<Fact> facts) {
  /** Copies the lists. */
  public ClusterDiagnosis {
    checks = List.copyOf(checks);
    facts = List.copyOf(facts);
  }

  /** True if no check found something lacking; what could not be found out does not count. */
  public boolean isWell() {
    return checks.stream().noneMatch(check -> check.finding() instanceof Finding.No);
  }
}
