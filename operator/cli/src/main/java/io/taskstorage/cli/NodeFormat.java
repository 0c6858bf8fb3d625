package io.taskstorage.cli;

import java.util.Locale;

/** How a command of a node prints. */
enum NodeFormat {
  TABLE,
  JSON;

  /** As it is typed after {@code -o}, here and there. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
