package io.taskstorage.testkit;

/**
 * Whoever started this process. A test that is killed cannot end the processes that it started:
 * those that go on until somebody ends them ask here.
 *
 * @param pid 0 if it is not known
 */
public record Starter(long pid) {
  /** The one that there is now; asked for early in {@code main}. */
  public static Starter ofThisProcess() {
    return new Starter(ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L));
  }

  /** False once it has ended: the kernel has given this process another parent then. */
  public boolean isThere() {
    return equals(ofThisProcess());
  }
}
