package io.taskstorage.controller.aggregate;

/** How far the nodes are with one generation of one object. Filled node by node; confined. */
final class Progress {

  /** How one expected node fares. */
  enum Step {
    DONE,
    FAILED,
    WAITING
  }

  private final Failures failures = new Failures();
  private int desired;
  private int expected;
  private int done;
  private int failed;

  /** A selected node of which nothing can be expected now. */
  void addUnavailable() {
    desired++;
  }

  void add(Step step) {
    desired++;
    expected++;
    switch (step) {
      case DONE -> done++;
      case FAILED -> failed++;
      case WAITING -> {}
    }
  }

  Failures failures() {
    return failures;
  }

  int desired() {
    return desired;
  }

  int unavailable() {
    return desired - expected;
  }

  int expected() {
    return expected;
  }

  int done() {
    return done;
  }

  int failed() {
    return failed;
  }

  int waiting() {
    return expected - done - failed;
  }
}
