package io.taskstorage.console;

/**
 * A command cannot do what it was asked; the message is the whole of what its user reads: {@code
 * operation object: cause: how to mend it}.
 */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CommandFailure(String message) {
    super(message);
  }

  public CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
