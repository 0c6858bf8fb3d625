package io.taskstorage.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.layout.Table.Row;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LiteralTest {

  static Stream<Row> badLiterals() {
    return Table.read(LiteralTest.class, "bad-literals.txt").rows().stream();
  }

  static Stream<Row> goodLiterals() {
    return Table.read(LiteralTest.class, "good-literals.txt").rows().stream();
  }

  @ParameterizedTest
  @MethodSource("badLiterals")
  void refusesWhatDoesNotFit(Row row) {
    // Given
    Field field = field(row);

    // When
    Encoded encoded = Literal.encode(field, text(row));

    // Then
    assertThat(row.out()).hasSize(1);
    assertThat(encoded)
        .isInstanceOfSatisfying(
            Encoded.Problem.class,
            problem -> assertThat(problem.message()).isEqualTo(row.out().getFirst()));
  }

  @ParameterizedTest
  @MethodSource("goodLiterals")
  void encodesAndDecodes(Row row) {
    // Given
    Field field = field(row);
    byte[] expected = HexFormat.of().parseHex(row.out().getFirst());
    String out = row.out().getLast();
    String expectedText = out.equals("(empty)") ? "" : unescaped(out);

    // When
    Encoded encoded = Literal.encode(field, text(row));
    String decoded = Literal.decode(field, expected);

    // Then
    assertThat(row.out()).hasSize(2);
    assertThat(encoded).isEqualTo(new Encoded.Bytes(expected));
    assertThat(decoded).isEqualTo(expectedText);
    assertThat(Literal.isExact(field, expected)).isTrue();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    // Not UTF-8: a lone continuation, a cut sequence, overlong, a surrogate, beyond Unicode.
    "Char[4], 61806200, a\\x80b",
    "Char[4], 61e28200, a\\xe2\\x82",
    "Char[4], c0af0000, \\xc0\\xaf",
    "Char[4], eda08000, \\xed\\xa0\\x80",
    "Char[8], f4908080ff000000, \\xf4\\x90\\x80\\x80\\xff",
    // A wrong byte does not swallow the right character behind it.
    "Char[4], e2410000, \\xe2A",
    // Something behind the NUL.
    "Char[4], 61006200, a\\x00b",
    "Char[4], 00000001, \\x00\\x00\\x00\\x01",
    // No NUL at all: only isExact tells.
    "Char[4], 61626364, abcd",
    "Char[4], 61625cff, ab\\\\\\xff",
    "Bool, 02, \\x02",
    "Bool, ff, \\xff",
  })
  void showsBytesThatNoLiteralMeans(String type, String hex, String expected) {
    // Given
    Field field = Definitions.field("f:" + type);
    byte[] bytes = HexFormat.of().parseHex(hex);

    // When
    String decoded = Literal.decode(field, bytes);

    // Then
    assertThat(decoded).isEqualTo(expected).isEqualTo(Literal.display(field, bytes));
    assertThat(Literal.isExact(field, bytes)).isFalse();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "Char[8], 61622063c3a40000, ab cä",
    "Char[8], 1b5b33316d000000, \\x1b[31m",
    "Char[4], 610a6200, a\\x0ab",
    "Char[4], 610d0900, a\\x0d\\x09",
    "Char[4], 7f000000, \\x7f",
    "Char[4], c2850000, \\xc2\\x85",
    "Char[4], e280ae00, \\xe2\\x80\\xae",
    "Char[4], e280a800, \\xe2\\x80\\xa8",
    "Char[4], 5c783100, \\\\x1",
    "Char[8], f09f988000000000, 😀",
    "Char[4], 00000000, ''",
    "U16[2], 0100ffff, '[1,65535]'",
    "Bytes[2], ffff, //8=",
    "Bool, 01, true",
  })
  void displaysOnOneLineWithoutControlCodes(String type, String hex, String expected) {
    // Given
    Field field = Definitions.field("f:" + type);
    byte[] bytes = HexFormat.of().parseHex(hex);

    // When
    String shown = Literal.display(field, bytes);

    // Then
    assertThat(shown).isEqualTo(expected);
    assertThat(Literal.isExact(field, bytes)).isTrue();
  }

  @Test
  void neverRepeatsTextInItsProblems() {
    // Given
    String secret = "swordfish";
    Stream<String> types = Stream.of("U64", "S8", "Bool", "Char[4]", "Bytes[4]", "U8[2]");

    // When
    Stream<Encoded> encoded =
        types.map(type -> Literal.encode(Definitions.field("f:" + type), secret));

    // Then
    assertThat(encoded)
        .allSatisfy(
            e ->
                assertThat(e)
                    .isInstanceOfSatisfying(
                        Encoded.Problem.class,
                        problem -> assertThat(problem.message()).doesNotContain(secret)));
  }

  @Test
  void refusesBytesOfAnotherSize() {
    // Given
    Field field = Field.scalar("qos", ScalarType.U16);

    // When, then
    assertThatThrownBy(() -> Literal.decode(field, new byte[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("decode field qos: 3 bytes, not 2: they belong to another field");
    assertThatThrownBy(() -> Literal.display(Field.array("app", ScalarType.CHAR, 4), new byte[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("decode field app: 3 bytes, not 4: they belong to another field");
  }

  @Test
  void comparesBytesByContent() {
    // Given
    Encoded.Bytes bytes = new Encoded.Bytes(new byte[] {1, 2});

    // When, then
    assertThat(bytes).isEqualTo(new Encoded.Bytes(new byte[] {1, 2}));
    assertThat(bytes).hasSameHashCodeAs(new Encoded.Bytes(new byte[] {1, 2}));
    assertThat(bytes).isNotEqualTo(new Encoded.Bytes(new byte[] {1, 3}));
    assertThat(bytes).hasToString("Bytes[2 bytes]");
  }

  private static Field field(Row row) {
    return Definitions.field("f:" + row.in().split(" ", 2)[0]);
  }

  private static String text(Row row) {
    String[] parts = row.in().split(" ", 2);
    return parts.length == 1 ? "" : unescaped(parts[1]);
  }

  /** Java's own escapes, and \\uXXXX, which they leave to the compiler. */
  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("\\u", at)) {
        plain.append((char) Integer.parseInt(text, at + 2, at + 6, 16));
        at += 6;
      } else if (text.charAt(at) == '\\') {
        plain.append(text.substring(at, at + 2).translateEscapes());
        at += 2;
      } else {
        plain.append(text.charAt(at));
        at++;
      }
    }
    return plain.toString();
  }
}
