package io.taskstorage.api.v1alpha1;

/** What a reason asks of people. */
public enum ReasonUrgency {
  /** All is well. */
  NONE,
  /** Will pass by itself or by another object's arrival. */
  WAIT,
  /** Stays until somebody acts: condition Stalled. */
  ACT
}
