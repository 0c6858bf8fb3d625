package io.taskstorage.api.v1alpha1;

/** What a reason speaks of. */
public enum ReasonScope {
  /** Whether the object is valid: condition Accepted. */
  ACCEPTANCE,
  /** Whether the nodes have done it: condition Programmed. */
  PROGRAMMING,
  /** What one node says about one map. */
  NODE,
  /** What a look at all nodes shows; no condition and no node state says it. */
  FLEET,
  /** Why a field is zero for some subject although a policy sets it. */
  EVALUATION
}
