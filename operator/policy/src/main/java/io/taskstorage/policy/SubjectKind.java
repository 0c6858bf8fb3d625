package io.taskstorage.policy;

/** The kinds of subjects, each with properties of its own. */
enum SubjectKind {
  /** Pods and their containers. */
  PODS,
  /** Cgroups of the hosts. */
  HOST_PROCESSES
}
