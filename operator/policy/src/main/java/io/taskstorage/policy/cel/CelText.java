package io.taskstorage.policy.cel;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How reasons show what somebody wrote: on one line, and never a long text. */
final class CelText {

  private static final int MAX_NAME_CHARACTERS = 317;
  private static final int MAX_MESSAGE_CHARACTERS = 200;

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

  private CelText() {}

  /** A key as it stands, if it can be one and can be shown. */
  static String shown(String key) {
    boolean printable =
        !key.isEmpty()
            && key.length() <= MAX_NAME_CHARACTERS
            && key.chars().allMatch(c -> c > ' ' && c <= '~');
    return printable ? key : "one of %d characters".formatted(key.length());
  }

  /** The dotted name that begins at a place of the text; empty if none does. */
  static String name(String text, int line, int column) {
    List<String> lines = text.lines().toList();
    if (line < 1 || line > lines.size()) {
      return "";
    }
    String where = lines.get(line - 1);
    if (column > where.codePointCount(0, where.length())) {
      return "";
    }
    int start = where.offsetByCodePoints(0, column);
    Matcher name = NAME.matcher(where).region(start, where.length());
    return name.lookingAt() ? name.group() : "";
  }

  /** A message of the library on one line, cut off where it becomes long. */
  static String oneLine(String message) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < message.length() && line.length() < MAX_MESSAGE_CHARACTERS; i++) {
      char c = message.charAt(i);
      line.append(c >= ' ' && c <= '~' ? c : ' ');
    }
    return line.toString().strip();
  }
}
