package io.taskstorage.layout;

/** How messages show what somebody wrote: short, on one line, and never a long value. */
final class Quote {

  private static final int SHOWN_CHARACTERS = 40;

  private Quote() {}

  /** The text in quotes if it is short and printable ASCII, else only its length. */
  static String text(String text) {
    boolean shown =
        text.length() <= SHOWN_CHARACTERS && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    return shown ? '"' + text + '"' : "a text of " + text.length() + " characters";
  }
}
