package io.taskstorage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/messages.md has the messages that tests expect, and no others. */
class MessageReferenceTest {
  private static final Path ROOT = Path.of(System.getProperty("root.dir", "../.."));
  private static final Path PAGE = ROOT.resolve("docs/reference/messages.md");
  private static final List<Path> TESTS =
      Stream.of(
              "operator/agent",
              "operator/api",
              "operator/cli",
              "operator/console",
              "e2e/api",
              "e2e/kernels")
          .map(module -> ROOT.resolve(module).resolve("src/test"))
          .toList();
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(.+?)` \\|");
  private static final Pattern CONSEQUENCE =
      Pattern.compile(" \\((until it is mended .*|the version .*|what was .*)\\)$");

  @Test
  void everyMessageOfThePageIsExpectedBySomeTest() throws IOException {
    // Given
    String expected = goldenLines().collect(Collectors.joining("\n")) + "\n" + testSources();

    // When
    List<String> unexpected =
        messages().stream().filter(each -> !pattern(each).matcher(expected).find()).toList();

    // Then
    assertThat(unexpected).as("messages that no test expects").isEmpty();
  }

  @Test
  void everyRefusedShapeInTheGoldenCasesIsOnThePage() throws IOException {
    // Given
    List<Pattern> known = messages().stream().map(MessageReferenceTest::pattern).toList();

    // When
    List<String> missing =
        goldenLines()
            .filter(line -> !line.startsWith("mended: "))
            .filter(line -> CONSEQUENCE.matcher(line).find())
            .filter(line -> known.stream().noneMatch(each -> each.matcher(line).find()))
            .toList();

    // Then
    assertThat(missing).as("messages that are not in messages.md").isEmpty();
  }

  private static List<String> messages() throws IOException {
    return ROW.matcher(Files.readString(PAGE)).results().map(row -> row.group(1)).toList();
  }

  /** The message with any text of one line for each of its gaps. */
  private static Pattern pattern(String message) {
    return Pattern.compile(
        Stream.of(message.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*?")));
  }

  private static Stream<String> goldenLines() throws IOException {
    return files("resources", "out.txt").stream().flatMap(file -> read(file).lines());
  }

  /** Sources with their strings joined, and without the escapes that a string needs. */
  private static String testSources() throws IOException {
    return files("java", ".java").stream()
        .filter(file -> !file.endsWith("MessageReferenceTest.java"))
        .map(file -> read(file).replaceAll("\"\\s*\\+\\s*\"", "").replace("\\", ""))
        .collect(Collectors.joining("\n"));
  }

  /** The files below one folder of each module's tests. */
  private static List<Path> files(String folder, String suffix) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path tests : TESTS) {
      Path below = tests.resolve(folder);
      if (Files.isDirectory(below)) {
        try (Stream<Path> all = Files.walk(below)) {
          all.filter(file -> file.toString().endsWith(suffix)).sorted().forEach(found::add);
        }
      }
    }
    return found;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
