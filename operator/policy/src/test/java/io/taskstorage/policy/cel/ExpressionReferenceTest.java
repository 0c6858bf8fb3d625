package io.taskstorage.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.Literal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference of expressions says what they do. */
class ExpressionReferenceTest {

  private static final Path PAGE =
      Path.of(System.getProperty("root.dir", "../.."), "docs/reference/expressions.md");

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([^`]+)` \\| `([^`]+)` \\| `([^`]+)` \\|$");

  private static final Pattern REFUSAL = Pattern.compile("(?m)^\\| `([^`]+)` \\| `([^`]+)` \\|$");

  static Stream<Arguments> rows() throws IOException {
    return ROW.matcher(Files.readString(PAGE))
        .results()
        .map(row -> Arguments.of(row.group(1), row.group(2), row.group(3)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyRowIsTrue(String type, String text, String expected) {
    // Given
    Field field = CelSamples.field(type);
    // When
    Encoded encoded = CelSamples.compiled(text, field).evaluate(CelSamples::value);
    // Then
    String told =
        switch (encoded) {
          case Encoded.Bytes(byte[] bytes) -> Literal.display(field, bytes);
          case Encoded.Problem problem -> problem.message();
        };
    assertThat(told).isEqualTo(expected);
  }

  static Stream<Arguments> refusals() throws IOException {
    return REFUSAL
        .matcher(Files.readString(PAGE))
        .results()
        .map(row -> Arguments.of(row.group(1), row.group(2)));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void everyRefusalIsTrue(String text, String expected) {
    // When
    CelCompilation compilation = CelSamples.compile(text, CelSamples.field("U8"));
    // Then
    assertThat(compilation)
        .isInstanceOfSatisfying(
            CelCompilation.Refused.class,
            refused -> assertThat(refused.problems()).first().isEqualTo(expected));
  }

  @Test
  void everyVariableIsNamed() throws IOException {
    // When
    String page = Files.readString(PAGE);
    // Then
    assertThat(rows()).hasSizeGreaterThan(20);
    assertThat(refusals()).hasSizeGreaterThan(5);
    assertThat(CelSamples.VARIABLES).allMatch(v -> page.contains("`" + v.name() + "`"));
  }
}
