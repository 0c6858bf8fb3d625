package io.taskstorage.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.Literal;
import io.taskstorage.testkit.GoldenCases;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What expressions give, why they give nothing, and which of them nobody evaluates. */
class CelExpressionTest {

  /** Each table: fields and expressions; what becomes of them stands in the expected file. */
  @TestFactory
  Stream<DynamicTest> expressions() {
    return GoldenCases.of(getClass())
        .tests(
            table -> {
              // Given
              JsonNode rows = yaml(table.text("in.yaml"));
              // When
              StringBuilder out = new StringBuilder();
              for (JsonNode row : rows) {
                Field field = CelSamples.field(row.path("field").asText());
                String text = row.path("cel").asText();
                out.append(shortened(text)).append('\n');
                out.append(told(field, CelSamples.compile(text, field)));
              }
              // Then
              table.expect("out.txt", out.toString());
              assertThat(out.toString().lines().filter(line -> line.startsWith("  ")))
                  .allMatch(line -> line.startsWith("  " + table.name() + ": "));
            });
  }

  @Test
  void sameExpressionIsCompiledOnce() {
    // Given
    Field field = CelSamples.field("U8");
    // When
    CelCompilation first = CelSamples.compile("1 + 2 + 3", field);
    CelCompilation again = CelSamples.compile("1 + 2 + 3", CelSamples.field("U8"));
    CelCompilation other = CelSamples.compile("1 + 2 + 3", CelSamples.field("U16"));
    // Then
    assertThat(again).isSameAs(first);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void expressionsAreEqualByTextFieldAndVariables() {
    // Given
    Field field = CelSamples.field("Char[8]");
    CelExpression expression = CelSamples.compiled("pod.name", field);
    // When
    CelCompilation over =
        CelExpression.compile(
            "pod.name", field, List.of(new CelVariable("pod.name", CelVariable.Kind.TEXT)));
    // Then
    assertThat(over)
        .isInstanceOfSatisfying(
            CelCompilation.Compiled.class,
            compiled -> assertThat(compiled.expression()).isNotEqualTo(expression));
    assertThat(expression).hasToString("CelExpression[8 characters]").isNotEqualTo("pod.name");
    assertThat(expression.text()).isEqualTo("pod.name");
    assertThat(expression.reads()).containsExactly("pod.name");
  }

  @Test
  void readsAreTheVariablesThatStandInIt() {
    // When
    CelExpression expression =
        CelSamples.compiled(
            "pod.labels.exists(k, ns.labels[?k].hasValue()) && has(pod.annotations.a)",
            CelSamples.field("Bool"));
    // Then
    assertThat(expression.reads())
        .containsExactlyInAnyOrder("pod.labels", "ns.labels", "pod.annotations");
  }

  private static String told(Field field, CelCompilation compilation) {
    return switch (compilation) {
      case CelCompilation.Refused(List<String> problems) ->
          String.join("", problems.stream().map(p -> "  refused: " + p + "\n").toList());
      case CelCompilation.Compiled(CelExpression expression) ->
          switch (expression.evaluate(CelSamples::value)) {
            case Encoded.Bytes(byte[] bytes) -> "  values: " + Literal.display(field, bytes) + "\n";
            case Encoded.Problem problem -> "  zero: " + problem.message() + "\n";
          };
    };
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(200, text.length())).replaceAll("[^ -~]", " ").strip();
  }

  private static JsonNode yaml(String text) {
    try {
      return new YAMLMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }
}
