package io.taskstorage.agent.observe;

/** Something in the folder that a user may want to know and that is no problem. */
public record FileNotice(Place place, String message) {

  /** {@code file:line: message}. */
  @Override
  public String toString() {
    return place + ": " + message;
  }
}
