package io.taskstorage.agent.cluster;

import java.time.Duration;

/** The API server did not do what it was asked. */
public final class ApiFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final transient Duration retryAfter;

  /**
   * A failure.
   *
   * @param code of the HTTP answer; 0 where there was none
   * @param message the cause, without what was asked
   * @param retryAfter how long the server asks to wait; zero where it does not
   */
  public ApiFailure(int code, String message, Duration retryAfter) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  static ApiFailure unreached(String message) {
    return new ApiFailure(0, message, Duration.ZERO);
  }

  /** Of the HTTP answer, or of the status in a watch; 0 where there was none. */
  public int code() {
    return code;
  }

  /** How long the server asks to wait. */
  public Duration retryAfter() {
    return retryAfter;
  }

  /** The version that was asked for is too old to go on from. */
  public boolean isExpired() {
    return code == 410;
  }

  /** The cause as a sentence. */
  public String text() {
    String message = String.valueOf(getMessage());
    return code == 0 ? message : "answer %d (%s)".formatted(code, message);
  }
}
