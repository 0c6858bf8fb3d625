package io.taskstorage.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Field;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No reason repeats anything of an expression: it may be a value. */
class CelSecrecyTest {

  private static final String WORD = "canary7f3a91";
  private static final String NUMBER = "918273645546372819";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          canary7f3a91                                 | character 1: undeclared name: put text in quotes, or use one of
          pod.canary7f3a91                             | character 1: undeclared name: put text in quotes, or use one of
          canary7f3a91(1)                              | character 13: undeclared function or type: use what CEL
          pod.name.canary7f3a91()                      | character 22: undeclared function or type: use what CEL
          pod.name.split('-').canary7f3a91             | character 20: type 'list(string)' does not support field selection: correct it
          canary7f3a91{a: 1}                           | character 13: undeclared function or type: use what CEL
          1 + "canary7f3a91                            | character 5: not an expression: correct it, and put text in quotes
          1 canary7f3a91                               | character 3: not an expression: correct it, and put text in quotes
          "canary7f3a91                                | character 1: not an expression: correct it, and put text in quotes
          "canary7f3a91" 918273645546372819            | character 16: not an expression: correct it, and put text in quotes
          918273645546372819918273645546372819         | character 1: not an expression: correct it, and put text in quotes
          918273645546372819 + "canary7f3a91"          | character 20: found no matching overload for '_+_' applied to '(int, string)': convert an operand
          "canary7f3a91".matches("(canary7f3a91")      | character 24: matches a pattern that is no regular expression (RE2): missing closing ): correct it
          {"canary7f3a91": 1}["canary7f3a91"]          | character 1: builds a map: use lists and the maps that there are
          918273645546372819.0                         | character 1: has a part of type double: use bool, int, uint
          "canary7f3a91"                               | gives string: U8 takes int or uint: convert the result
          """)
  void aRefusalTellsThePlaceInsteadOfTheText(String text, String reason) {
    // When
    CelCompilation compilation = CelSamples.compile(text, CelSamples.field("U8"));
    // Then
    assertThat(compilation)
        .isInstanceOfSatisfying(
            CelCompilation.Refused.class,
            refused -> {
              assertThat(refused.problems()).first().asString().startsWith(reason);
              assertThat(refused.toString()).doesNotContain(WORD, NUMBER);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          int(pod.labels["canary7f3a91"])              | character 15: no such key: add it, or write a default with orValue
          int(pod.labels.canary7f3a91)                 | character 15: no such key: add it, or write a default with orValue
          int("canary7f3a91")                          | character 4: a text cannot be converted
          918273645546372819                           | the result does not fit: out of range for U8 (0..255)
          918273645546372819 * 918273645546372819      | character 20: a number is out of range: use smaller numbers
          size(["canary7f3a91"][7])                    | character 22: an index is out of bounds: ask for the size first
          size("canary7f3a91".substring(99))           | a function was given what it does not take
          """)
  void aFailureTellsThePlaceInsteadOfTheText(String text, String reason) {
    // Given
    Field field = CelSamples.field("U8");
    // When
    CelExpression expression = CelSamples.compiled(text, field);
    Encoded encoded = expression.evaluate(CelSamples::value);
    // Then
    assertThat(encoded)
        .isInstanceOfSatisfying(
            Encoded.Problem.class,
            problem -> {
              assertThat(problem.message()).contains(reason);
              assertThat(problem.message()).doesNotContain(WORD, NUMBER);
            });
    assertThat(expression.toString()).doesNotContain(WORD, NUMBER);
  }

  /** Wherever in an expression the canary is: as a name, a text, a number, or half of something. */
  @ParameterizedTest
  @ValueSource(strings = {WORD, '"' + WORD + '"', NUMBER, "'" + WORD, "\n" + WORD + " "})
  void noPlaceMakesAReasonRepeatIt(String canary) {
    // Given
    int refused = 0;
    int failed = 0;
    // When
    for (JsonNode row : rows()) {
      Field field = CelSamples.field(row.path("field").asText());
      String text = row.path("cel").asText();
      for (int at = 0; at <= text.length() && text.length() < 40; at++) {
        String with = text.substring(0, at) + canary + text.substring(at);
        String reasons = reasons(with, field);
        // Then
        assertThat(reasons).as(with).doesNotContain(WORD, NUMBER);
        refused += reasons.startsWith("Refused") ? 1 : 0;
        failed += reasons.startsWith("Problem") ? 1 : 0;
      }
    }
    assertThat(refused).isGreaterThan(300);
    assertThat(failed).isGreaterThanOrEqualTo(canary.equals(WORD) ? 1 : 0);
  }

  @Test
  void theCanaryWouldBeFound() {
    // When
    Encoded encoded =
        CelSamples.compiled("'" + WORD + "'", CelSamples.field("Char[16]"))
            .evaluate(CelSamples::value);
    // Then
    assertThat(encoded)
        .isInstanceOfSatisfying(
            Encoded.Bytes.class,
            bytes -> assertThat(bytes.bytes()).startsWith(WORD.getBytes(StandardCharsets.UTF_8)));
  }

  private static String reasons(String text, Field field) {
    return switch (CelCompiling.compile(text, field, CelSamples.VARIABLES)) {
      case CelCompiling.Bad(List<String> problems) -> "Refused: " + problems;
      case CelCompiling.Good(CelProgram program) ->
          program.evaluate(field, CelSamples::value).toString();
    };
  }

  private static List<JsonNode> rows() {
    Path tables = Path.of("src/test/resources/CelExpressionTest");
    List<JsonNode> rows = new ArrayList<>();
    for (String table : List.of("refused", "values", "zero")) {
      try {
        new YAMLMapper()
            .readTree(tables.resolve(table).resolve("in.yaml").toFile())
            .forEach(rows::add);
      } catch (IOException e) {
        throw new AssertionError(table, e);
      }
    }
    return rows;
  }
}
