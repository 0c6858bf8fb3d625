package io.taskstorage.bpf;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The kernel refused something for a reason that the caller's result type does not foresee.
 *
 * <p>The message is one line, {@code operation object: ERRNO (meaning): hint}, for example {@code
 * map create tenant_ctx: EPERM (operation not permitted): CAP_BPF is missing: run as root or grant
 * CAP_BPF}.
 */
public final class BpfException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final String object;
  private final Errno errno;
  private final @Nullable String hint;

  /**
   * Puts the message together.
   *
   * @param operation what was asked of the kernel, in the kernel's words: {@code map create}
   * @param object what for: a map's name, a pin's path, {@code task 4711}
   * @param errno what the kernel answered
   * @param hint the likely cause and how to mend it; null where only the caller can know
   */
  public BpfException(String operation, String object, Errno errno, @Nullable String hint) {
    super(operation + " " + object + ": " + errno + (hint == null ? "" : ": " + hint));
    this.operation = operation;
    this.object = object;
    this.errno = errno;
    this.hint = hint;
  }

  /** What was asked of the kernel. */
  public String operation() {
    return operation;
  }

  /** What it was asked for. */
  public String object() {
    return object;
  }

  /** What the kernel answered. */
  public Errno errno() {
    return errno;
  }

  /** The likely cause and how to mend it. */
  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }
}
