package io.taskstorage.policy;

import io.taskstorage.layout.Value;
import java.util.List;

/**
 * What the tasks of one subject carry in one map.
 *
 * @param value the whole value; fields that programs own are zero
 * @param explanations one for each field that policies own, in declared order
 */
public record ResolvedValue(Value value, List<Explanation> explanations) {

  /** Copies the list. */
  public ResolvedValue {
    explanations = List.copyOf(explanations);
  }
}
