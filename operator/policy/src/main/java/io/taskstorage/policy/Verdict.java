package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.Reason;
import java.util.List;

/**
 * The engine's judgement of one object.
 *
 * @param <T> what an accepted object becomes
 */
public sealed interface Verdict<T> {

  /**
   * The object is in force.
   *
   * @param value what it means
   * @param warnings what its author should know all the same, each beginning with a path
   */
  record Accepted<T>(T value, List<String> warnings) implements Verdict<T> {
    /** Copies the list. */
    public Accepted {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * The object is refused as a whole.
   *
   * @param reason the reason of its condition Accepted
   * @param problems all of them, at least one, in the order of the spec
   */
  record Refused<T>(Reason reason, List<Problem> problems) implements Verdict<T> {
    /** Copies the list. */
    public Refused {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("refuse object: no problem: name at least one");
      }
    }
  }
}
