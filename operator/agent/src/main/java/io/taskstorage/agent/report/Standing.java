package io.taskstorage.agent.report;

import io.taskstorage.agent.observe.FileNotice;
import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.taskstore.TaskFailure;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How things stand after a turn: what the next turn's changes are told against.
 *
 * @param problems what is not taken
 * @param notices what is passed over
 * @param warnings what costs more than it should
 * @param unreadable pins and cgroups that could not be read
 * @param refusals the lines of steps that failed or were skipped
 * @param failures why tasks do not have their values
 * @param statuses the conditions of every object
 * @param totals counts for the summary
 */
public record Standing(
    List<FileProblem> problems,
    List<FileNotice> notices,
    List<String> warnings,
    List<String> unreadable,
    Set<String> refusals,
    List<TaskFailure> failures,
    SortedMap<ObjectKey, ObjectStatus> statuses,
    Totals totals) {

  /** Before the first turn. */
  public static final Standing START =
      new Standing(
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Set.of(),
          List.of(),
          new TreeMap<>(),
          Totals.NONE);

  /** Copies what it is given. */
  public Standing {
    problems = List.copyOf(problems);
    notices = List.copyOf(notices);
    warnings = List.copyOf(warnings);
    unreadable = List.copyOf(unreadable);
    refusals = Set.copyOf(refusals);
    failures = List.copyOf(failures);
    statuses = Collections.unmodifiableSortedMap(new TreeMap<>(statuses));
  }

  /** True while anything was refused or failed. */
  public boolean isFailed() {
    return !problems.isEmpty()
        || !unreadable.isEmpty()
        || !refusals.isEmpty()
        || !failures.isEmpty()
        || statuses.values().stream().anyMatch(ObjectStatus::isStalled);
  }
}
