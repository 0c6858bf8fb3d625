package io.taskstorage.console;

import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines. */
public final class Wrapping {
  private Wrapping() {}

  /**
   * Lines of at most {@code width} characters, broken at spaces; other spaces stay as they are. A
   * word that is longer (a path) has a line of its own and is left whole, so that it can be copied.
   */
  public static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text.strip();
    while (rest.length() > width) {
      int end = rest.lastIndexOf(' ', width);
      if (end < 0) {
        end = rest.indexOf(' ');
      }
      if (end < 0) {
        break;
      }
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }
}
