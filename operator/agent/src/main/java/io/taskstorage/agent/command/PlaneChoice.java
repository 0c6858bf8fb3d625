package io.taskstorage.agent.command;

import java.util.Locale;

/** What keeps the tasks in line, as it is asked for on the command line. */
enum PlaneChoice {
  AUTO,
  IN_KERNEL,
  RESCAN,
  EMULATED;

  /** As it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
