package io.taskstorage.api.manifest;

import java.util.Optional;

/**
 * Something in a file that is not taken.
 *
 * @param place file and line
 * @param object the object that it is about, where it is known
 * @param path the spec path, "" where there is none
 * @param message cause, then how to mend it
 */
public record FileProblem(Place place, Optional<ObjectKey> object, String path, String message) {

  /** A problem of a file as a whole, or of its text. */
  public static FileProblem ofFile(Place place, String message) {
    return new FileProblem(place, Optional.empty(), "", message);
  }

  /** {@code file:line: object: path}: which problem, without what it is. */
  public String where() {
    return place + object.map(key -> ": " + key).orElse("") + (path.isEmpty() ? "" : ": " + path);
  }

  /** {@code file:line: object: path: message}. */
  @Override
  public String toString() {
    return where() + ": " + message;
  }
}
