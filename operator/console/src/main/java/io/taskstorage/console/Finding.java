package io.taskstorage.console;

/** What one look gave. */
public sealed interface Finding {
  /** It is there. */
  record Yes(String detail) implements Finding {}

  /**
   * It is not there.
   *
   * @param reason why, or what was found instead
   * @param mend what to do about it, one line that can be followed
   */
  record No(String reason, String mend) implements Finding {}

  /** It could not be found out. */
  record Unknown(String cause) implements Finding {}

  /** As it stands in the report and in JSON. */
  default String word() {
    return switch (this) {
      case Yes _ -> "yes";
      case No _ -> "no";
      case Unknown _ -> "unknown";
    };
  }

  /** The word in its colour. */
  default String word(Terminal terminal) {
    return switch (this) {
      case Yes _ -> terminal.good(word());
      case No _ -> terminal.bad(word());
      case Unknown _ -> terminal.warn(word());
    };
  }
}
