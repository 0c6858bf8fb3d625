package io.taskstorage.policy;

import java.util.regex.Pattern;

/** How messages show what somebody wrote: on one line, and never a long text. */
final class Quote {

  private static final int SHOWN_CHARACTERS = 64;

  private static final Pattern NAME = Pattern.compile("[!-~]([ -~]{0,315}[!-~])?");

  private Quote() {}

  /** How many characters a text has, counted as the API server counts them: by code points. */
  static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The text in quotes if it is short and printable ASCII, else only what it is. */
  static String text(String text) {
    boolean shown =
        text.length() <= SHOWN_CHARACTERS && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    if (shown) {
      return '"' + text + '"';
    }
    return characters(text) == 1
        ? "a text of 1 character"
        : "a text of %d characters".formatted(characters(text));
  }

  /** A name as a part of a path: as it stands if it is printable, else only what it is. */
  static String name(String name) {
    return NAME.matcher(name).matches()
        ? name
        : "(a name of %d characters)".formatted(characters(name));
  }
}
