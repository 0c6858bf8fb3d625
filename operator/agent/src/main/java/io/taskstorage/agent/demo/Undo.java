package io.taskstorage.agent.demo;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has to be undone, newest first. A step that cannot be undone is told and does not keep the
 * others from being undone. Confined to one thread: descriptors are given back where they were
 * taken.
 */
final class Undo implements AutoCloseable {
  /** Takes one thing back. */
  interface Action {
    void run() throws Exception;
  }

  private record Step(String what, Action action) {}

  private final Deque<Step> steps = new ArrayDeque<>();
  private final PrintWriter err;

  Undo(PrintWriter err) {
    this.err = err;
  }

  /** Remembers how to take back what was just done; what names it, such as {@code unmount DIR}. */
  void add(String what, Action action) {
    steps.push(new Step(what, action));
  }

  @Override
  public void close() {
    for (Step step = steps.poll(); step != null; step = steps.poll()) {
      try {
        step.action().run();
      } catch (Exception e) {
        err.println(step.what() + ": " + e.getMessage() + ": undo it by hand");
      }
    }
    err.flush();
  }
}
