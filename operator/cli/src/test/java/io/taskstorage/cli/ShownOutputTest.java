package io.taskstorage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a page shows of a command on the samples is what the command prints: the page is the golden
 * file, and {@code -Dgolden.update=true} rewrites it.
 */
class ShownOutputTest {
  private static final Path ROOT =
      Path.of(System.getProperty("root.dir", "../..")).toAbsolutePath().normalize();

  /** A block with one command on files of the samples, and what it printed, if that is shown. */
  private static final Pattern SHOWN =
      Pattern.compile(
          "(?m)^```console\n\\$ \\./taskstorage ((?:lint|layout|preview) [^\n]*-f samples/[^\n]*)\n"
              + "([^`]+)^```$");

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of("docs", "samples")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        files
            .filter(file -> file.toString().endsWith(".md") && shown(file).findAny().isPresent())
            .map(ROOT::relativize)
            .sorted()
            .forEach(pages::add);
      }
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void isWhatIsPrinted(Path page) throws IOException {
    // Given
    String text = Files.readString(ROOT.resolve(page));

    // When
    String printed =
        SHOWN
            .matcher(text)
            .replaceAll(
                block ->
                    Matcher.quoteReplacement(
                        "```console\n$ ./taskstorage %s\n%s```"
                            .formatted(block.group(1), printed(block.group(1)))));
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(ROOT.resolve(page), printed);
    }

    // Then
    assertThat(ROOT.resolve(page))
        .as("after a wanted change: -Dgolden.update=true")
        .hasContent(printed);
  }

  @Test
  void everySetShowsItsPreview() throws IOException {
    // Given
    List<Path> sets;
    try (Stream<Path> folders = Files.list(ROOT.resolve("samples"))) {
      sets =
          folders
              .filter(folder -> Files.exists(folder.resolve("workload.yaml")))
              .map(ROOT::relativize)
              .sorted()
              .toList();
    }

    // Then
    assertThat(sets).hasSizeGreaterThan(7);
    assertThat(sets)
        .allSatisfy(
            set ->
                assertThat(
                        shown(ROOT.resolve(set).resolve("README.md")).map(block -> block.group(1)))
                    .contains("preview -f " + set));
  }

  private static Stream<MatchResult> shown(Path page) {
    try {
      return SHOWN.matcher(Files.readString(page)).results();
    } catch (IOException e) {
      throw new AssertionError("read " + page, e);
    }
  }

  /** As on a terminal: what was asked for, then what was said about it. */
  private static String printed(String command) {
    String samples = ROOT.resolve("samples").toString();
    CliRun run =
        CliRun.of(
            Arrays.stream(command.split(" +"))
                .map(word -> word.startsWith("samples/") ? ROOT.resolve(word).toString() : word)
                .toArray(String[]::new));
    return (run.out() + run.err()).replace(samples, "samples");
  }
}
