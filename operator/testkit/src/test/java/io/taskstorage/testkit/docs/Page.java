package io.taskstorage.testkit.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page in Markdown.
 *
 * @param path from the root of the repository
 */
record Page(Path path, String text) {
  private static final Pattern FENCE =
      Pattern.compile("(?ms)^[ \t]*(```|~~~).*?(?:^[ \t]*\\1[ \t]*$|\\z)");

  /** It ends with its paragraph or row at the latest. */
  private static final Pattern CODE =
      Pattern.compile("(?s)(?<!`)(`+)(?!`)((?:(?!\n[ \t]*\n|\n[ \t]*\\|).)+?)(?<!`)\\1(?!`)");

  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6}[ \t]+(.+?)[ \t]*#*$");
  private static final Pattern INLINE_LINK = Pattern.compile("!?\\[([^\\]]*)\\]\\([^)]*\\)");
  private static final Pattern NAMED_ANCHOR = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");

  /** All pages below a folder, in the order of their paths. */
  static List<Page> below(Path root) {
    return Repository.files(root, ".md").map(file -> read(root, file)).toList();
  }

  private static Page read(Path root, Path file) {
    try {
      return new Page(root.relativize(file), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a link may name after {@code #}, as GitHub makes it of headings. */
  Set<String> anchors() {
    String prose = blank(FENCE, text);
    Set<String> anchors = new HashSet<>();
    Map<String, Integer> sameBefore = new HashMap<>();
    HEADING
        .matcher(prose)
        .results()
        .map(heading -> anchor(heading.group(1)))
        .forEach(
            anchor -> {
              int before = sameBefore.merge(anchor, 1, Integer::sum) - 1;
              anchors.add(before == 0 ? anchor : anchor + "-" + before);
            });
    NAMED_ANCHOR.matcher(prose).results().map(named -> named.group(1)).forEach(anchors::add);
    return anchors;
  }

  /** The text without what is code; all the rest is where it was. */
  String prose() {
    return blank(CODE, blank(FENCE, text));
  }

  /** The code within sentences and tables: group 2 is what stands between the marks. */
  Stream<MatchResult> codeSpans() {
    return CODE.matcher(blank(FENCE, text)).results();
  }

  /** Whether something stands in a row of a table. */
  boolean isRow(int offset) {
    return text.startsWith("|", text.lastIndexOf('\n', offset) + 1);
  }

  /** Where something is, as compilers write it. */
  String place(int offset) {
    return path + ":" + (1 + text.substring(0, offset).chars().filter(c -> c == '\n').count());
  }

  private static String anchor(String heading) {
    return INLINE_LINK
        .matcher(heading)
        .replaceAll("$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
        .replace(' ', '-');
  }

  /** Blanks have the same length and the same lines. */
  private static String blank(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(found.group().replaceAll("[^\n]", " ")));
  }
}
