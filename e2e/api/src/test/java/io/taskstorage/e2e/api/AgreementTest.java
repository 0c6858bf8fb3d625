package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.e2e.api.Refusals.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code lint} and {@code run} judge a file as the server judges the object: they take what the
 * server takes, but for what no schema can see, and refuse what the server refuses, at the same
 * place.
 */
@NewestOnly
class AgreementTest {

  private static final Pattern UNKNOWN_FIELD = Pattern.compile("unknown field \"([^\"]+)\"");
  private static final Pattern WRONG_FORMAT = Pattern.compile("must be of type .* in (\\S+)");
  private static final Pattern VALUE_BY_NAME = Pattern.compile("spec\\.values\\[([^\\]]*)\\](.*)");

  static Stream<Corpus.CaseFile> valid() {
    return Corpus.valid().stream();
  }

  static Stream<Corpus.CaseFile> invalid() {
    return Corpus.invalid().stream();
  }

  @ParameterizedTest
  @MethodSource
  void valid(Corpus.CaseFile file) {
    List<String> differences = new ArrayList<>();
    for (Case c : file.cases()) {
      List<String> problems = Engine.problems(c.document());
      boolean expected =
          c.refusedLater().isPresent()
              ? !problems.isEmpty()
                  && problems.stream().allMatch(p -> p.startsWith(c.refusedLater().get()))
              : problems.isEmpty();
      if (!expected) {
        differences.add(c + ": " + problems);
      }
    }
    assertThat(differences).isEmpty();
  }

  @ParameterizedTest
  @MethodSource
  void invalid(Corpus.CaseFile file) {
    List<String> differences = new ArrayList<>();
    Map<String, List<Line>> refusals = Refusals.of(file);
    for (Case c : file.cases()) {
      List<String> paths =
          Engine.problems(c.document()).stream()
              .map(problem -> byIndex(problem.substring(0, problem.indexOf(": ")), c))
              .toList();
      for (Line line : refusals.getOrDefault(c.name(), List.of())) {
        if (paths.stream().noneMatch(path -> isSamePlace(path, place(line)))) {
          differences.add(
              "%s: the server at %s, the engine at %s".formatted(c, place(line), paths));
        }
      }
    }
    assertThat(differences).isEmpty();
    assertThat(refusals.keySet()).containsExactlyElementsOf(names(file));
  }

  private static List<String> names(Corpus.CaseFile file) {
    return file.cases().stream().map(Case::name).toList();
  }

  /** Where the server sees the problem; some problems have no path of their own. */
  private static String place(Line line) {
    Matcher unknown = UNKNOWN_FIELD.matcher(line.message());
    Matcher format = WRONG_FORMAT.matcher(line.message());
    if (unknown.find()) {
      return unknown.group(1);
    }
    return line.path().equals("<nil>") && format.find() ? format.group(1) : line.path();
  }

  /** One says the list where the other says the element. */
  private static boolean isSamePlace(String one, String other) {
    return one.equals(other) || isInside(one, other) || isInside(other, one);
  }

  private static boolean isInside(String inner, String outer) {
    return inner.startsWith(outer + ".") || inner.startsWith(outer + "[");
  }

  /** The engine names a value by its field, the server by its index. */
  private static String byIndex(String path, Case c) {
    Matcher matcher = VALUE_BY_NAME.matcher(path);
    if (!matcher.matches()) {
      return path;
    }
    for (int i = 0; i < c.spec().path("values").size(); i++) {
      if (c.spec().path("values").path(i).path("field").asText().equals(matcher.group(1))) {
        return "spec.values[%d]%s".formatted(i, matcher.group(2));
      }
    }
    return path;
  }
}
