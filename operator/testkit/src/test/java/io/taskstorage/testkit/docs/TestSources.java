package io.taskstorage.testkit.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which tests there are, as the sources have them. */
final class TestSources {
  private static final Pattern SUPERTYPES =
      Pattern.compile("\\b(?:extends|implements)\\s+([^{;()]+)\\{");
  private static final Pattern NAME = Pattern.compile("\\w+");

  private final Map<String, List<String>> javaByClass;
  private final List<String> goTests;
  private final Set<String> cases;

  private TestSources(Path root) {
    javaByClass =
        Repository.files(root, ".java")
            .collect(
                Collectors.groupingBy(
                    file -> name(file).replace(".java", ""),
                    Collectors.mapping(TestSources::read, Collectors.toList())));
    goTests = Repository.files(root, "_test.go").map(TestSources::read).toList();
    cases =
        Repository.files(root, "")
            .filter(file -> file.toString().contains("/src/test/resources/"))
            .flatMap(file -> Stream.of(file, file.resolveSibling("")))
            .map(file -> name(file).replaceFirst("[.].*", ""))
            .collect(Collectors.toUnmodifiableSet());
  }

  static TestSources of(Path root) {
    return new TestSources(root);
  }

  /** Whether a source has the name of this class. */
  boolean hasClass(String name) {
    return javaByClass.containsKey(name);
  }

  /** Whether a class of this name, or what it inherits from, declares the method. */
  boolean hasMethod(String className, String method) {
    Pattern declaration =
        Pattern.compile(
            "(?m)^[ \t]+(?!return\\b|throw\\b|else\\b|new\\b)(?:[\\w<>\\[\\]?,.@]+[ \t]+)+"
                + Pattern.quote(method)
                + "\\(");
    return hasMethod(className, declaration, new HashSet<>());
  }

  private boolean hasMethod(String className, Pattern declaration, Set<String> seen) {
    return seen.add(className)
        && javaByClass.getOrDefault(className, List.of()).stream()
            .anyMatch(
                source ->
                    declaration.matcher(source).find()
                        || supertypes(source).anyMatch(each -> hasMethod(each, declaration, seen)));
  }

  /** Whether Go has this test: its function, and each further part as the name of a step. */
  boolean hasGoTest(String path) {
    List<String> parts = List.of(path.split("/", -1));
    return goTests.stream().anyMatch(source -> source.contains("func " + parts.getFirst() + "("))
        && parts.stream()
            .skip(1)
            .allMatch(
                part -> goTests.stream().anyMatch(source -> source.contains('"' + part + '"')));
  }

  /** Whether tests have a case of this name among their resources: a folder or a file. */
  boolean hasCase(String name) {
    return cases.contains(name);
  }

  private static Stream<String> supertypes(String source) {
    return SUPERTYPES
        .matcher(source)
        .results()
        .flatMap(types -> NAME.matcher(types.group(1)).results())
        .map(name -> name.group());
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
