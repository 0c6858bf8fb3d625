package io.taskstorage.testkit;

/** A program that a test needs is not on this machine; the message says how to get it. */
public final class CommandMissing extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandMissing(String message, Throwable cause) {
    super(message, cause);
  }
}
