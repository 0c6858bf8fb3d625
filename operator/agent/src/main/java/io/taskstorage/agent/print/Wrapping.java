package io.taskstorage.agent.print;

import java.util.ArrayList;
import java.util.List;

/** Breaks sentences into lines. */
public final class Wrapping {
  private Wrapping() {}

  /**
   * Lines of at most {@code width} characters, broken at spaces. A word that is longer (a path) has
   * a line of its own and is left whole, so that it can be copied.
   */
  public static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(width);
    for (String word : text.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
