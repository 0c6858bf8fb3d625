package io.taskstorage.e2e.operator.story;

import java.util.concurrent.Callable;

/** Whether a text is the same as when it was asked for the last time. */
final class Unchanged implements Callable<Boolean> {
  private final Callable<String> text;
  private String last = "";

  Unchanged(Callable<String> text) {
    this.text = text;
  }

  @Override
  public Boolean call() throws Exception {
    String now = text.call();
    boolean unchanged = now.equals(last);
    last = now;
    return unchanged;
  }
}
