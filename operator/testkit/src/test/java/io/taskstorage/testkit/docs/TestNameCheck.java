package io.taskstorage.testkit.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the tests that pages name are there. */
final class TestNameCheck {
  /** A class and perhaps its method; annotations, placeholders and globs are none. */
  private static final Pattern JAVA =
      Pattern.compile(
          "(?<![@*<\\w])([A-Z]\\w*(?:Test|Story|Contract))\\b(?:[.](?!java\\b|class\\b)([a-z]\\w*))?");

  private static final Pattern GO = Pattern.compile("(?<![@*<\\w])Test[A-Z]\\w*(?:/[A-Z]\\w*)*");
  private static final Pattern METHOD = Pattern.compile("[.]?([a-z]+[A-Z]\\w*)");
  private static final Pattern CASE = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)+");

  private final TestSources sources;
  private final Page page;
  private final List<String> problems = new ArrayList<>();
  private int checked;

  private TestNameCheck(TestSources sources, Page page) {
    this.sources = sources;
    this.page = page;
  }

  /**
   * What came of it.
   *
   * @param checked how many names of classes, methods, cases and tests in Go were looked up
   * @param problems one line for each that is not there
   */
  record Result(int checked, List<String> problems) {}

  /** Checks all these pages. */
  static Result of(TestSources sources, List<Page> pages) {
    int checked = 0;
    List<String> problems = new ArrayList<>();
    for (Page page : pages) {
      TestNameCheck check = new TestNameCheck(sources, page);
      JAVA.matcher(page.text()).results().forEach(check::java);
      GO.matcher(page.text()).results().forEach(check::go);
      check.whatFollowsAClass();
      checked += check.checked;
      problems.addAll(check.problems);
    }
    return new Result(checked, problems);
  }

  private void java(MatchResult found) {
    String className = found.group(1);
    checked++;
    if (sources.hasClass(className)) {
      Optional.ofNullable(found.group(2))
          .ifPresent(method -> method(found.start(), className, method));
    } else {
      report(found.start(), "test " + className + ": no such class");
    }
  }

  private void method(int offset, String className, String method) {
    if (!sources.hasMethod(className, method)) {
      report(offset, "test " + className + "." + method + ": no such method");
    }
  }

  private void go(MatchResult found) {
    String name = found.group();
    if (!sources.hasClass(name)) {
      checked++;
      if (!sources.hasGoTest(name)) {
        report(found.start(), "test " + name + ": no such test in Go");
      }
    }
  }

  /**
   * A class may be followed, in a row of a table, by further methods of it: {@code
   * `OneTest.oneWay`, `.otherWay`} or {@code `OneTest`: `oneWay`, `otherWay`}; or by one of its
   * cases: {@code `OneTest` (`a-case`)}.
   */
  private void whatFollowsAClass() {
    int end = 0;
    Optional<String> className = Optional.empty();
    for (MatchResult span : page.codeSpans().toList()) {
      String between = page.text().substring(end, span.start());
      String code = span.group(2);
      end = span.end();
      if (between.contains("|") || between.contains("\n")) {
        className = Optional.empty();
      }
      Optional<MatchResult> named = JAVA.matcher(code).results().findFirst();
      if (named.isPresent()) {
        className = named.filter(n -> n.end() == code.length()).map(n -> n.group(1));
      } else if (page.isRow(span.start())) {
        className.ifPresent(name -> follower(span.start(), name, code, between));
      }
    }
  }

  private void follower(int offset, String className, String code, String between) {
    Matcher method = METHOD.matcher(code);
    if (method.matches()) {
      checked++;
      method(offset, className, method.group(1));
    } else if (between.equals(" (") && CASE.matcher(code).matches()) {
      checked++;
      if (!sources.hasCase(code)) {
        report(offset, "case " + code + " of " + className + ": no such resource");
      }
    }
  }

  private void report(int offset, String what) {
    problems.add(page.place(offset) + ": " + what);
  }
}
