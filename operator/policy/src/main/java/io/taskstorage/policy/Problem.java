package io.taskstorage.policy;

/**
 * One thing that is wrong with an object.
 *
 * @param path where, such as {@code spec.values[tenant_id].value}
 * @param message the cause and how to mend it, lower case
 */
public record Problem(String path, String message) {

  /** Path and message as people read them. */
  @Override
  public String toString() {
    return path + ": " + message;
  }
}
