package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import java.util.List;

/**
 * What became of this module's descriptors; for tests.
 *
 * <p>Each {@link Throwable} names a descriptor; its cause has the stack that opened it, if the
 * system property {@code taskstorage.trace.descriptors} was {@code true} when the module started.
 */
public final class Descriptors {
  private Descriptors() {}

  /** Those that are open now, in no order. Always empty unless tracing is on. */
  public static List<Throwable> open() {
    return Fd.open();
  }

  /**
   * Those that nobody closed and that became unreachable, so that a cleaner closed them; each is
   * told once. Which ones that are is known only after a garbage collection.
   */
  public static List<Throwable> leaked() {
    return Fd.leaks();
  }
}
