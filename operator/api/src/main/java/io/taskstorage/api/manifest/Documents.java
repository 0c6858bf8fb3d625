package io.taskstorage.api.manifest;

/** What the text of a manifest file turned out to be. */
sealed interface Documents {

  /** Every document of the file was told; empty ones are left out. */
  record Read() implements Documents {}

  /** The text is not YAML or JSON: nothing of it counts. Lines are counted from 1. */
  record Broken(int line, String message) implements Documents {}
}
