package io.taskstorage.policy.cel;

/**
 * A name that an expression may read.
 *
 * @param name with its dots, such as {@code pod.labels}
 * @param kind what it holds
 */
public record CelVariable(String name, Kind kind) {

  /** What a variable may hold. */
  public enum Kind {
    /** A {@code String}; {@code string} in expressions. */
    TEXT,
    /** A {@code Map} of {@code String} to {@code String}; {@code map(string, string)}. */
    TEXTS
  }
}
