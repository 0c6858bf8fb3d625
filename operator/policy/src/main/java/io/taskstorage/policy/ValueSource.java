package io.taskstorage.policy;

import io.taskstorage.policy.cel.CelExpression;

/** Where a field's value comes from. */
public sealed interface ValueSource {

  /** A value written in the policy; it fits the map's field. */
  record Literal(String text) implements ValueSource {
    /** The length only: a value may be nobody else's business. */
    @Override
    public String toString() {
      return "Literal[%d characters]".formatted(text.length());
    }
  }

  /** One property of the pod. Needs a pod, so nothing evaluates it for a host's cgroup. */
  record FieldRef(PodProperty property) implements ValueSource {}

  /** An expression over the subject, compiled for the field and the subject's kind. */
  record Cel(CelExpression expression) implements ValueSource {}
}
