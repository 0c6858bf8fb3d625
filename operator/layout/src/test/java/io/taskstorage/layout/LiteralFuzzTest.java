package io.taskstorage.layout;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.taskstorage.testkit.FuzzInputs;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever stands where a literal may: it becomes exactly its bytes or one sentence.
 *
 * <p>An input is the type of a field, as in the text of a layout, a line end, and the literal; its
 * bytes are tried as the field's bytes too.
 */
class LiteralFuzzTest {

  /** No message says it, so one that holds it has repeated the literal. */
  private static final String SECRET = "zQ7jXk9";

  /** Larger fields are of the same kinds. */
  private static final int MAX_FIELD_BYTES = 4096;

  @FuzzTest
  @Timeout(10)
  void literals(byte[] input) {
    // Bytes that are no UTF-8 stand for halves of surrogate pairs, which a Java text may hold.
    String text = new String(input, StandardCharsets.UTF_8).replace('\uFFFD', '\uD800');
    int end = text.indexOf('\n');
    if (end < 0) {
      return;
    }
    Optional<Field> field = field(text.substring(0, end));
    if (field.isEmpty() || field.get().sizeBytes() > MAX_FIELD_BYTES) {
      return;
    }
    String literal = text.substring(end + 1);
    encodes(field.get(), literal);
    keepsSilent(Literal.encode(field.get(), literal + SECRET));
    keepsSilent(Literal.encode(field.get(), SECRET + literal));
    decodes(field.get(), Arrays.copyOf(input, field.get().sizeBytes()));
  }

  @TestFactory
  Stream<DynamicTest> kept() {
    return FuzzInputs.of(getClass()).tests(10_000, this::literals);
  }

  private static Optional<Field> field(String type) {
    String text = "t{f:" + type + "}";
    StructLayout layout;
    try {
      layout = StructLayout.parse(text);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).doesNotContain("\n");
      return Optional.empty();
    }
    assertThat(layout.toText()).isEqualTo(text);
    assertThat(layout.sizeBytes()).isBetween(1, StructLayout.MAX_SIZE_BYTES);
    return Optional.of(layout.fields().getFirst().field());
  }

  private static void encodes(Field field, String literal) {
    switch (Literal.encode(field, literal)) {
      case Encoded.Bytes(byte[] bytes) -> {
        assertThat(bytes).hasSize(field.sizeBytes());
        assertThat(Literal.isExact(field, bytes)).isTrue();
        decodes(field, bytes);
        means(field, literal, Literal.decode(field, bytes));
      }
      case Encoded.Problem problem -> keepsSilent(problem);
    }
  }

  /** What a literal says stands in the bytes, and nothing else may be said. */
  private static void means(Field field, String literal, String decoded) {
    if (field.isIntegerArray()) {
      return;
    }
    switch (field.type()) {
      case CHAR, BYTES, BOOL -> assertThat(decoded).isEqualTo(literal);
      case U8, U16, U32, U64, S8, S16, S32, S64 -> {
        assertThat(literal).matches("-?([0-9]+|0x[0-9A-Fa-f]+)");
        BigInteger number =
            literal.contains("x")
                ? new BigInteger(literal.replace("0x", ""), 16)
                : new BigInteger(literal);
        assertThat(decoded).isEqualTo(number.toString());
      }
    }
  }

  private static void decodes(Field field, byte[] bytes) {
    String decoded = Literal.decode(field, bytes);
    String displayed = Literal.display(field, bytes);
    assertThat(displayed.codePoints()).noneMatch(LiteralFuzzTest::endsOrControlsLine);
    boolean isExact =
        Literal.encode(field, decoded) instanceof Encoded.Bytes(byte[] again)
            && Arrays.equals(again, bytes);
    assertThat(Literal.isExact(field, bytes)).isEqualTo(isExact);
    boolean mayBeInexact = field.type() == ScalarType.CHAR || field.type() == ScalarType.BOOL;
    assertThat(isExact || mayBeInexact).isTrue();
  }

  private static boolean endsOrControlsLine(int character) {
    return Character.isISOControl(character) || character == '\u2028' || character == '\u2029';
  }

  private static void keepsSilent(Encoded encoded) {
    if (encoded instanceof Encoded.Problem(String message)) {
      assertThat(message).matches("[ -~]{1,300}").doesNotContain(SECRET);
    }
  }
}
