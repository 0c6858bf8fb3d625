package io.taskstorage.api.v1alpha1;

/**
 * One thing that is wrong with the shape of a manifest.
 *
 * @param path where, from the document's root, such as {@code spec.values[0].vlaue}; empty for the
 *     document as a whole
 * @param message cause and mend
 */
public record ManifestProblem(String path, String message) {

  /** Path and message as people read them. */
  @Override
  public String toString() {
    return path.isEmpty() ? message : path + ": " + message;
  }
}
