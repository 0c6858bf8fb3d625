package io.taskstorage.api.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.testkit.FuzzInputs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a file holds: reading it ends within its bounds, with objects or with problems that name
 * a line of it. An input is a file's bytes, read as YAML and as JSON.
 */
class ManifestTextFuzzTest {

  private static final int MAX_PARTS = 500;

  @FuzzTest
  @Timeout(10)
  void manifests(byte[] input) {
    int lines = lines(new String(input, StandardCharsets.UTF_8));
    for (String name : List.of("a.yaml", "a.json")) {
      reads(name, input, lines);
    }
    String text = new String(input, StandardCharsets.UTF_8);
    List<Document> documents = new ArrayList<>();
    if (YamlDocuments.read(text, MAX_PARTS, documents::add) instanceof Documents.Read) {
      assertThat(documents.stream().mapToInt(each -> parts(each.json())).sum())
          .isLessThanOrEqualTo(MAX_PARTS);
      documents.forEach(each -> keepsLinesAndText(each, text, lines));
    }
  }

  @TestFactory
  Stream<DynamicTest> kept() {
    return FuzzInputs.of(getClass()).tests(4_000, this::manifests);
  }

  private static void reads(String name, byte[] input, int lines) {
    List<ManifestText.Foreign> foreign = new ArrayList<>();
    switch (ManifestText.of(
        name, input, MAX_PARTS, Parts.of("metadata.name", "spec"), foreign::add)) {
      case ManifestText.Broken(FileProblem problem) -> {
        assertOneLine(problem.message());
        assertThat(problem.place().line()).isBetween(0, lines);
        assertThat(problem.place().line() == 0)
            .isEqualTo(problem.message().startsWith("not UTF-8 text"));
      }
      case ManifestText.Documented(List<Origin> objects, List<ManifestText.Refused> refused) -> {
        for (Origin origin : objects) {
          assertThat(origin.place().line()).isBetween(1, lines);
          assertThat(origin.object().getMetadata().getName()).isNotNull();
        }
        for (ManifestText.Refused each : refused) {
          assertThat(each.problems()).isNotEmpty();
          for (FileProblem problem : each.problems()) {
            assertOneLine(problem.path() + problem.message());
            assertThat(problem.place().line()).isBetween(1, lines);
          }
        }
        foreign.forEach(each -> assertThat(each.place().line()).isBetween(1, lines));
      }
    }
  }

  /** Every line is one of the file's and of a part that is there; as JSON it says the same. */
  private static void keepsLinesAndText(Document document, String text, int lines) {
    for (Map.Entry<String, Integer> line : document.lines().entrySet()) {
      assertThat(line.getValue()).isBetween(1, lines);
      assertThat(document.json().at(line.getKey()).isMissingNode()).as(line.getKey()).isFalse();
    }
    assertThat(document.lineOf(text)).isBetween(1, lines);
    List<JsonNode> again = new ArrayList<>();
    Documents read =
        JsonDocuments.read(document.json().toString(), Parts.ALL, each -> again.add(each.json()));
    assertThat(read).isEqualTo(new Documents.Read());
    // By their texts: the number 1e0 is written 1, and so read as another kind of number.
    assertThat(again).extracting(JsonNode::toString).containsExactly(document.json().toString());
  }

  private static int parts(JsonNode json) {
    int parts = 1;
    for (JsonNode part : json) {
      parts += parts(part);
    }
    return parts;
  }

  private static void assertOneLine(String message) {
    assertThat(message).hasSizeLessThan(1_000);
    Optional<Integer> unshown =
        message
            .codePoints()
            .filter(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0x202E)
            .boxed()
            .findFirst();
    assertThat(unshown).as(message).isEmpty();
  }

  /** As YAML, which knows more line ends than JSON, counts them. */
  private static int lines(String text) {
    return text.split("\r\n|[\n\r\u0085\u2028\u2029]", -1).length;
  }
}
