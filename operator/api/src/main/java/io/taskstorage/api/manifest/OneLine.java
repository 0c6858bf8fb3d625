package io.taskstorage.api.manifest;

import java.util.regex.Pattern;

/** How messages show what stands in a file: on one line, never a long text, no terminal codes. */
final class OneLine {
  private static final int MAX_CHARACTERS = 200;

  private static final Pattern UNSHOWN = Pattern.compile("[^ -~\\p{L}\\p{N}]+");
  private static final Pattern NAME = Pattern.compile("[!-~]([ -~]{0,315}[!-~])?");

  private OneLine() {}

  /** A message of a parser, which may quote the file: what cannot be shown is a space there. */
  static String of(String message) {
    String line = UNSHOWN.matcher(message).replaceAll(" ").strip();
    return line.length() <= MAX_CHARACTERS ? line : line.substring(0, MAX_CHARACTERS) + "…";
  }

  /** A name as it stands if it can be shown, else only what it is. */
  static String name(String name) {
    return NAME.matcher(name).matches()
        ? name
        : "(a name of %d characters)".formatted(name.length());
  }
}
