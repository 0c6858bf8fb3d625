package io.taskstorage.cli;

import java.util.Locale;

/** How a command prints data: for people, or for programs. */
enum DataFormat {
  TABLE,
  WIDE,
  JSON,
  YAML;

  /** As it is typed after {@code -o}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
