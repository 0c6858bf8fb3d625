package io.taskstorage.e2e.api;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the server said to the cases of a file, as it was written down. */
final class Refusals {

  private Refusals() {}

  /** One line: where, and what is wrong there. */
  record Line(String path, String message) {

    static Line of(String text) {
      int end = text.indexOf(": ");
      // Bounds of a label's value are told with a dot, rules on it with brackets.
      String path = text.substring(0, end).replaceFirst("matchLabels\\.(.*)", "matchLabels[$1]");
      return new Line(path, text.substring(end + 2));
    }

    /** The path with {@code []} for every index and {@code [*]} for every key of labels. */
    String schemaPath() {
      return path.replaceAll("matchLabels\\[.*\\]", "matchLabels[*]")
          .replaceAll("\\[[0-9]+\\]", "[]");
    }
  }

  /** The lines to each case, by its name. */
  static Map<String, List<Line>> of(Corpus.CaseFile file) {
    Map<String, List<Line>> byCase = new LinkedHashMap<>();
    List<Line> lines = new ArrayList<>();
    for (String text : text(file).split("\n", -1)) {
      if (text.startsWith("  ")) {
        lines.add(Line.of(text.substring(2)));
      } else if (!text.isEmpty()) {
        lines = new ArrayList<>();
        byCase.put(text, lines);
      }
    }
    return byCase;
  }

  private static String text(Corpus.CaseFile file) {
    try {
      return Files.readString(file.answers());
    } catch (IOException e) {
      throw new AssertionError("read " + file.answers(), e);
    }
  }
}
