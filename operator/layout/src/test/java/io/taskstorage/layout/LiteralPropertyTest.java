package io.taskstorage.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.math.BigInteger;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Properties over seeded random input: a failure names the seed's round and comes again. */
class LiteralPropertyTest {

  private static final int ROUNDS = 2000;

  @ParameterizedTest
  @EnumSource
  void decodesToTextThatEncodesToTheSameBytes(ScalarType type) {
    // Given
    SplittableRandom random = new SplittableRandom(1);
    RandomValues values = new RandomValues(1);

    for (int round = 0; round < ROUNDS; round++) {
      Field field = field(random, type);
      byte[] bytes = values.bytes(field);

      // When
      String text = Literal.decode(field, bytes);
      Encoded again = Literal.encode(field, text);

      // Then
      assertThat(again).as("round %s, %s", round, field).isEqualTo(new Encoded.Bytes(bytes));
      assertThat(Literal.isExact(field, bytes)).isTrue();
      assertThat(Literal.display(field, bytes)).doesNotContain("\n", "\t", "\u0001", "\u007f");
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsExactlyWhichBytesALiteralMeans(ScalarType type) {
    // Given: any bytes, such as a foreign program may have written
    SplittableRandom random = new SplittableRandom(2);

    for (int round = 0; round < ROUNDS; round++) {
      Field field = field(random, type);
      byte[] bytes = new byte[field.sizeBytes()];
      random.nextBytes(bytes);
      if (random.nextBoolean()) {
        bytes[random.nextInt(bytes.length)] = 0;
      }

      // When
      String text = Literal.decode(field, bytes);
      boolean exact = Literal.isExact(field, bytes);

      // Then
      assertThat(Literal.encode(field, text).equals(new Encoded.Bytes(bytes))).isEqualTo(exact);
      if (type.isInteger() || type == ScalarType.BYTES) {
        assertThat(exact).isTrue();
      } else if (!exact) {
        assertThat(text).isEqualTo(Literal.display(field, bytes)).isNotEmpty();
      }
    }
  }

  @Test
  void neverThrowsAndAlwaysGivesTheSizeOfTheField() {
    // Given
    SplittableRandom random = new SplittableRandom(3);
    RandomLayouts layouts = new RandomLayouts(3);
    int fitting = 0;

    for (int round = 0; round < 15 * ROUNDS; round++) {
      Field field = layouts.field("f");
      String text = text(random, field);

      // When
      Encoded encoded = encodeOrFail(round, field, text);

      // Then
      switch (encoded) {
        case Encoded.Bytes(byte[] bytes) -> {
          fitting++;
          assertThat(bytes).hasSize(field.sizeBytes());
          assertThat(Literal.isExact(field, bytes)).isTrue();
        }
        case Encoded.Problem(String message) ->
            assertThat(message).isNotEmpty().hasSizeLessThan(160).doesNotContain("null");
      }
    }
    // The generator reaches both ends.
    assertThat(fitting).isBetween(ROUNDS, 12 * ROUNDS);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"BOOL", "CHAR", "BYTES"},
      mode = EnumSource.Mode.EXCLUDE)
  void takesExactlyTheNumbersOfItsRange(ScalarType type) {
    // Given: all numbers near powers of two, by arithmetic of its own
    int bits = 8 * type.sizeBytes();
    BigInteger one = BigInteger.ONE;
    BigInteger min = type.isSigned() ? one.shiftLeft(bits - 1).negate() : BigInteger.ZERO;
    BigInteger max = one.shiftLeft(type.isSigned() ? bits - 1 : bits).subtract(one);
    Field field = Field.scalar("f", type);
    Field array = Field.array("f", type, 1);

    for (int power = 0; power <= 70; power++) {
      for (int delta = -2; delta <= 2; delta++) {
        for (BigInteger sign : new BigInteger[] {one, one.negate()}) {
          BigInteger number = one.shiftLeft(power).add(BigInteger.valueOf(delta)).multiply(sign);
          boolean fits = number.compareTo(min) >= 0 && number.compareTo(max) <= 0;
          String hexadecimal = (number.signum() < 0 ? "-" : "") + "0x" + number.abs().toString(16);

          // When
          Encoded decimal = Literal.encode(field, number.toString());

          // Then
          assertThat(decimal instanceof Encoded.Bytes).as("%s", number).isEqualTo(fits);
          if (decimal instanceof Encoded.Bytes(byte[] bytes)) {
            assertThat(Literal.decode(field, bytes)).isEqualTo(number.toString());
            assertThat(Literal.encode(field, hexadecimal)).isEqualTo(decimal);
            assertThat(Literal.encode(array, "[" + number + "]")).isEqualTo(decimal);
            assertThat(Literal.encode(array, "[\"" + hexadecimal + "\"]")).isEqualTo(decimal);
          }
        }
      }
    }
  }

  private static Field field(SplittableRandom random, ScalarType type) {
    boolean array = type.needsLength() || (type.allowsLength() && random.nextBoolean());
    return array ? Field.array("f", type, 1 + random.nextInt(20)) : Field.scalar("f", type);
  }

  private static Encoded encodeOrFail(int round, Field field, String text) {
    try {
      return Literal.encode(field, text);
    } catch (RuntimeException e) {
      return fail("round " + round + ", " + field + ", text of " + text.length(), e);
    }
  }

  /** Text that is right, nearly right, or anything. */
  private static String text(SplittableRandom random, Field field) {
    String right = rightText(random, field);
    return switch (random.nextInt(4)) {
      case 0 -> right;
      case 1 -> mutated(random, right);
      case 2 -> soup(random, "0123456789abcdefx-+.eE[],\" \n=/\\truefalsn_");
      default -> anything(random);
    };
  }

  private static String rightText(SplittableRandom random, Field field) {
    byte[] bytes = new byte[field.sizeBytes()];
    random.nextBytes(bytes);
    return switch (field.type()) {
      case BOOL -> random.nextBoolean() ? "true" : "false";
      case CHAR -> "x".repeat(random.nextInt(bytes.length + 1));
      case BYTES -> Base64.getEncoder().encodeToString(bytes);
      default -> Literal.decode(field, bytes);
    };
  }

  private static String mutated(SplittableRandom random, String text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(3));
    return text.substring(0, at) + anything(random).substring(0, 1) + text.substring(end);
  }

  private static String soup(SplittableRandom random, String alphabet) {
    return Stream.generate(() -> alphabet.charAt(random.nextInt(alphabet.length())))
        .limit(random.nextInt(40))
        .map(String::valueOf)
        .collect(Collectors.joining());
  }

  private static String anything(SplittableRandom random) {
    int bound = random.nextBoolean() ? 0x80 : 0x10000;
    char[] chars = new char[1 + random.nextInt(random.nextInt(50) == 0 ? 3000 : 30)];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = (char) random.nextInt(bound);
    }
    return new String(chars);
  }
}
