package io.taskstorage.bpf;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A kernel call that failed for a reason its caller did not provide for.
 *
 * <p>The message is one line: {@code operation object: ERRNO (meaning): hint}. Expected outcomes
 * (no entry, task gone) are results, not exceptions.
 */
public final class BpfException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final String object;
  private final transient Errno errno;
  private final @Nullable String hint;

  /**
   * @param operation what was asked of the kernel, for example {@code map create}
   * @param object what it was asked for, for example the map's name or the pin's path
   * @param errno the kernel's answer
   * @param hint how to mend it, or null where only the caller can know
   */
  public BpfException(String operation, String object, Errno errno, @Nullable String hint) {
    super(message(operation, object, errno, hint));
    this.operation = operation;
    this.object = object;
    this.errno = errno;
    this.hint = hint;
  }

  private static String message(
      String operation, String object, Errno errno, @Nullable String hint) {
    String message = operation + " " + object + ": " + errno;
    return hint == null ? message : message + ": " + hint;
  }

  public String operation() {
    return operation;
  }

  public String object() {
    return object;
  }

  public Errno errno() {
    return errno;
  }

  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }
}
