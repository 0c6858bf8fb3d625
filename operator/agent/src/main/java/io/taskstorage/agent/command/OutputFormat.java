package io.taskstorage.agent.command;

/** How a command prints data: for people, or for programs. */
public enum OutputFormat {
  TABLE,
  JSON;

  /** As it is typed after {@code -o}. */
  @Override
  public String toString() {
    return this == TABLE ? "table" : "json";
  }
}
