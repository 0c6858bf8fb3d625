package io.taskstorage.console;

/** What a command's exit code says. A command that deviates says so in its help. */
public final class ExitCode {
  /** Done. */
  public static final int OK = 0;

  /** Failed; the message says why. */
  public static final int FAILED = 1;

  /** Wrong usage. */
  public static final int USAGE = 2;

  /** Done, and something that was to be judged is refused. */
  public static final int REFUSED = 3;

  private ExitCode() {}
}
