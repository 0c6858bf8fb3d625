package io.taskstorage.layout;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Literals and, beside each, the C initialiser that means the same: made from the same number or
 * text by rules of this class alone, so that a mistake in the module cannot hide in the comparison.
 */
final class RandomLiterals {

  private static final String[] CHARACTERS = {
    "a", "Z", "7", " ", "\"", "\\", "'", "?", "%", "\n", "\t", "\u0001", "\u007f", "ä", "€", "漢",
    "\ufeff", "😀"
  };

  record Pair(String literal, String initializer) {}

  private final SplittableRandom random;

  RandomLiterals(long seed) {
    this.random = new SplittableRandom(seed);
  }

  Pair next(Field field) {
    int length = field.length().orElse(1);
    return switch (field.type()) {
      case BOOL -> random.nextBoolean() ? new Pair("true", "1") : new Pair("false", "0");
      case CHAR -> text(length);
      case BYTES -> bytes(length);
      case U8, U16, U32, U64, S8, S16, S32, S64 ->
          field.length().isPresent()
              ? array(field.type(), length)
              : integer(field.type(), this::written);
    };
  }

  private Pair array(ScalarType type, int length) {
    var pairs =
        IntStream.range(0, length).mapToObj(i -> integer(type, this::writtenInJson)).toList();
    return new Pair(
        pairs.stream().map(Pair::literal).collect(Collectors.joining(", ", "[", "]")),
        pairs.stream().map(Pair::initializer).collect(Collectors.joining(",", "{", "}")));
  }

  private Pair integer(ScalarType type, Function<BigInteger, String> writing) {
    int bits = 8 * type.sizeBytes();
    BigInteger span = BigInteger.ONE.shiftLeft(bits);
    BigInteger min = type.isSigned() ? span.shiftRight(1).negate() : BigInteger.ZERO;
    BigInteger steps =
        switch (random.nextInt(5)) {
          case 0 -> BigInteger.ZERO;
          case 1 -> span.subtract(BigInteger.ONE);
          case 2 -> span.shiftRight(1);
          default -> new BigInteger(bits, new Random(random.nextLong()));
        };
    BigInteger number = min.add(steps);
    return new Pair(writing.apply(number), inC(number, type.isSigned()));
  }

  private String written(BigInteger number) {
    String sign = number.signum() < 0 ? "-" : "";
    return switch (random.nextInt(4)) {
      case 0 -> sign + "0x" + number.abs().toString(16);
      case 1 -> sign + "000" + number.abs();
      default -> number.toString();
    };
  }

  private String writtenInJson(BigInteger number) {
    return random.nextInt(3) == 0 ? '"' + written(number) + '"' : number.toString();
  }

  private static String inC(BigInteger number, boolean signed) {
    if (!signed) {
      return number + "ULL";
    }
    // C has no negative constants: the smallest number is reached from the one above it.
    return number.signum() < 0 ? "(" + number.add(BigInteger.ONE) + "LL - 1)" : number + "LL";
  }

  private Pair text(int length) {
    int wanted = random.nextBoolean() ? length - 1 : random.nextInt(length);
    StringBuilder text = new StringBuilder();
    StringBuilder octal = new StringBuilder();
    int used = 0;
    while (used < wanted) {
      String next = CHARACTERS[random.nextInt(CHARACTERS.length)];
      byte[] utf8 = next.getBytes(StandardCharsets.UTF_8);
      if (used + utf8.length > wanted) {
        next = ".";
        utf8 = new byte[] {'.'};
      }
      text.append(next);
      for (byte b : utf8) {
        octal.append('\\').append(Integer.toOctalString(01000 | (b & 0xff)).substring(1));
      }
      used += utf8.length;
    }
    return new Pair(text.toString(), '"' + octal.toString() + '"');
  }

  private Pair bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    String initializer =
        IntStream.range(0, length)
            .mapToObj(i -> Integer.toString(bytes[i] & 0xff))
            .collect(Collectors.joining(",", "{", "}"));
    return new Pair(Base64.getEncoder().encodeToString(bytes), initializer);
  }

  /** An instance of a layout: a literal and an initialiser for every field. */
  Stream<Pair> instance(StructLayout layout) {
    return layout.fields().stream().map(placed -> next(placed.field()));
  }
}
