package io.taskstorage.testkit.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the links of pages lead, as far as that is in the repository. */
final class LinkCheck {
  /** Each beginning of a link, and what can be read of its target. */
  private static final Pattern LINK =
      Pattern.compile(
          "\\]\\((?:<?([^()<>\\s]+)>?(?:\\s+\"[^\"]*\")?\\))?"
              + "|(?m)^ {0,3}\\[[^\\]]+\\]:[ \t]+(\\S+)"
              + "|(?:href|src)=\"([^\"]*)\"");

  private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");

  private final Path root;
  private final Map<Path, Set<String>> anchors;
  private final List<String> problems = new ArrayList<>();
  private int checked;

  private LinkCheck(Path root, List<Page> pages) {
    this.root = root;
    this.anchors =
        pages.stream().collect(Collectors.toMap(page -> root.resolve(page.path()), Page::anchors));
  }

  /**
   * What came of it.
   *
   * @param checked how many links lead into the repository
   * @param problems one line for each that leads nowhere
   */
  record Result(int checked, List<String> problems) {}

  /** Checks the links of all these pages. */
  static Result of(Path root, List<Page> pages) {
    LinkCheck check = new LinkCheck(root, pages);
    pages.forEach(check::check);
    return new Result(check.checked, check.problems);
  }

  private void check(Page page) {
    LINK.matcher(page.prose()).results().forEach(link -> check(page, link));
  }

  private void check(Page page, MatchResult link) {
    Optional<String> target =
        Stream.of(1, 2, 3).flatMap(n -> Stream.ofNullable(link.group(n))).findFirst();
    if (target.filter(each -> ELSEWHERE.matcher(each).matches()).isPresent()) {
      return;
    }
    checked++;
    target
        .map(each -> problem(page, each))
        .orElse(Optional.of("cannot be read"))
        .ifPresent(
            problem ->
                problems.add(
                    "%s: link %s: %s"
                        .formatted(page.place(link.start()), target.orElse("?"), problem)));
  }

  private Optional<String> problem(Page page, String target) {
    int mark = target.indexOf('#');
    String path = mark < 0 ? target : target.substring(0, mark);
    Path from = root.resolve(page.path());
    Path file = path.isEmpty() ? from : from.resolveSibling(path).normalize();
    if (path.startsWith("/") || !file.startsWith(root)) {
      return Optional.of("leads out of the repository");
    }
    if (!Files.exists(file)) {
      return Optional.of("no such file");
    }
    if (mark < 0) {
      return Optional.empty();
    }
    Path headings = Files.isDirectory(file) ? file.resolve("README.md") : file;
    return anchors.getOrDefault(headings, Set.of()).contains(target.substring(mark + 1))
        ? Optional.empty()
        : Optional.of("no such heading");
  }
}
