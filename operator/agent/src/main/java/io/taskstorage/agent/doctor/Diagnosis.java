package io.taskstorage.agent.doctor;

import io.taskstorage.console.Check;
import io.taskstorage.console.Fact;
import java.util.List;

/**
 * What this node offers, and which plane follows from it.
 *
 * @param plane the plane that {@code run} would choose; {@code none} where nothing can run
 * @param why the reason for it, one sentence
 * @param checks in the order in which they are to be mended
 * @param facts what is so, without being good or bad: versions, folders, maps in force
 */
public record Diagnosis(String plane, String why, List<Check> checks, List<Fact> facts) {
  /** The plane's name where nothing can run. */
  public static final String NONE = "none";

  /** Copies the lists. */
  public Diagnosis {
    checks = List.copyOf(checks);
    facts = List.copyOf(facts);
  }

  /** Whether {@code run} would have a plane. */
  public boolean canRun() {
    return !plane.equals(NONE);
  }
}
