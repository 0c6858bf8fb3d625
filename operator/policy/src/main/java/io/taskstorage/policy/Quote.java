package io.taskstorage.policy;

/** How messages show what somebody wrote: on one line, and never a long text. */
final class Quote {

  private static final int SHOWN_CHARACTERS = 64;

  private Quote() {}

  /** The text in quotes if it is short and printable ASCII, else only its length. */
  static String text(String text) {
    boolean shown =
        text.length() <= SHOWN_CHARACTERS && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    return shown ? '"' + text + '"' : "a text of " + text.length() + " characters";
  }
}
