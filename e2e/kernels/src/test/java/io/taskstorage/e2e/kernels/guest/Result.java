package io.taskstorage.e2e.kernels.guest;

import io.taskstorage.testkit.GuestSuite;

/**
 * What is known of one test in a guest. As text it is one line of a file.
 *
 * @param name class, method and case
 * @param detail why it failed or did not run; empty where there is nothing to say
 */
public record Result(Outcome outcome, GuestSuite suite, String name, String detail) {
  private static final String SEPARATOR = "\t";
  private static final int LARGEST_DETAIL = 6_000;

  /** How far a test came. */
  public enum Outcome {
    /** It has begun. Where no other line of the test follows, the guest died in it. */
    BEGUN,
    /** It ended, and all was well. */
    PASSED,
    /** It ended, and not all was well. */
    FAILED,
    /** It did not run, for a reason that the kernel gives. */
    REFUSED,
    /** All tests have ended. */
    DONE
  }

  /** Cuts what is too long for a line. */
  public Result {
    detail = detail.length() <= LARGEST_DETAIL ? detail : detail.substring(0, LARGEST_DETAIL);
  }

  /** The line of it, with the end of line. */
  public String line() {
    return String.join(SEPARATOR, outcome.name(), suite.word(), escaped(name), escaped(detail))
        + "\n";
  }

  /**
   * Reads a line without its end.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Result parse(String line) {
    String[] parts = line.split(SEPARATOR, -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("result of a guest: " + line + ": has not four parts");
    }
    return new Result(
        Outcome.valueOf(parts[0]),
        GuestSuite.of(parts[1]),
        parts[2].translateEscapes(),
        parts[3].translateEscapes());
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\r", "\\r")
        .replace("\n", "\\n");
  }
}
