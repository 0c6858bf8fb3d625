package io.taskstorage.testkit;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the kernel that older ones have not. In a guest, which may be such an older
 * one, the test is refused with the reason; elsewhere it is skipped, or fails where kernel tests
 * are required.
 */
public final class OlderKernel {
  /** Why single threads are out of reach. */
  public static final String NO_THREAD_PIDFD =
      "the kernel opens no single threads (PIDFD_THREAD, Linux 6.9)";

  private OlderKernel() {}

  /**
   * Goes on where something is there.
   *
   * @param reason what the kernel lacks, and since when others have it
   */
  public static void needs(boolean isThere, String reason) {
    if (isThere) {
      return;
    }
    String property = System.getProperty("kernel.tests");
    if (!KernelTestCondition.IN_GUEST.equals(property)
        && KernelTestCondition.isRequired(property, System.getenv("CI"))) {
      Assertions.fail(reason + " (kernel tests are required here)");
    }
    Assumptions.abort(reason);
  }
}
