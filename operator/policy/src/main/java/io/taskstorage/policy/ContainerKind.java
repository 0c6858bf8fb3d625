package io.taskstorage.policy;

/** The ways in which a container belongs to its pod. */
public enum ContainerKind {
  /** Runs before the others and ends: a member of {@code initContainers}. */
  INIT("Init"),
  /** Starts before the others and stays: a member of it with {@code restartPolicy: Always}. */
  SIDECAR("Sidecar"),
  /** A member of {@code containers}. */
  REGULAR("Regular"),
  /** Joined a running pod: a member of {@code ephemeralContainers}. */
  EPHEMERAL("Ephemeral");

  private final String text;

  ContainerKind(String text) {
    this.text = text;
  }

  /** As people read it. */
  @Override
  public String toString() {
    return text;
  }
}
