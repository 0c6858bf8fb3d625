package io.taskstorage.taskstore;

/** A store operation was refused; nothing of what it was to do is half visible. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient StoreProblem problem;

  public StoreException(StoreProblem problem) {
    super(problem.message(), problem.cause());
    this.problem = problem;
  }

  /** What refused it. */
  public StoreProblem problem() {
    return problem;
  }
}
