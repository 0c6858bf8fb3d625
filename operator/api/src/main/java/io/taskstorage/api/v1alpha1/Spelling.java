package io.taskstorage.api.v1alpha1;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses which known name somebody meant. Pure. */
public final class Spelling {

  /** More differences than this are another word. */
  private static final int MAX_EDITS = 2;

  /** A long unknown name is not worth the comparison. */
  private static final int MAX_CHARACTERS = 64;

  private static final int MAX_SHOWN = 8;

  private Spelling() {}

  /** How to mend the unknown name, as the end of a message. */
  static String mend(String unknown, Collection<String> known) {
    return nearest(unknown, known)
        .map("did you mean %s?"::formatted)
        .orElseGet(() -> choice(known));
  }

  private static String choice(Collection<String> known) {
    if (known.size() > MAX_SHOWN) {
      return "remove it";
    }
    return (known.size() == 1 ? "use " : "use one of ") + String.join(", ", known);
  }

  /**
   * The first of the nearest names; empty if all are far away.
   *
   * <p>Upper and lower case count as equal; beyond that one edit for each four characters of the
   * known name, at most two, so that {@code F64} is no misspelt {@code U64}.
   */
  public static Optional<String> nearest(String unknown, Collection<String> known) {
    if (unknown.length() > MAX_CHARACTERS) {
      return Optional.empty();
    }
    return known.stream()
        .filter(name -> edits(unknown, name) <= Math.min(MAX_EDITS, name.length() / 4))
        .min(Comparator.comparingInt(name -> edits(unknown, name)));
  }

  /** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
  static int edits(String from, String to) {
    String a = from.toLowerCase(Locale.ROOT);
    String b = to.toLowerCase(Locale.ROOT);
    int[][] distance = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          distance[i][j] = i + j;
          continue;
        }
        int replaced = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        distance[i][j] = swapped ? Math.min(best, distance[i - 2][j - 2] + 1) : best;
      }
    }
    return distance[a.length()][b.length()];
  }
}
