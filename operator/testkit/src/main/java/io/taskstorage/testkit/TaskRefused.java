package io.taskstorage.testkit;

/**
 * A task, or the kernel on its behalf, refused what the test asked for; the message has the errno.
 */
public final class TaskRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TaskRefused(String message) {
    super(message);
  }
}
