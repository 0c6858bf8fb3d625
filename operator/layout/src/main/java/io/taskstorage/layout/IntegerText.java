package io.taskstorage.layout;

import io.taskstorage.layout.Encoded.Bytes;
import io.taskstorage.layout.Encoded.Problem;
import java.math.BigInteger;

/** One integer: {@code -?[0-9]+} or {@code -?0x[0-9a-fA-F]+} to little endian bytes and back. */
final class IntegerText {

  /** U64 has 20 decimal digits; what is longer without leading zeros is out of every range. */
  private static final int MOST_DIGITS = 20;

  private IntegerText() {}

  static Encoded encode(ScalarType type, String text) {
    if (text.isEmpty()) {
      return new Problem("empty: write a number from " + rangeText(type));
    }
    boolean negative = text.charAt(0) == '-';
    String unsigned = negative ? text.substring(1) : text;
    boolean hexadecimal = unsigned.startsWith("0x");
    String digits = hexadecimal ? unsigned.substring(2) : unsigned;
    if (digits.isEmpty() || !digits.chars().allMatch(c -> isDigit(c, hexadecimal))) {
      return new Problem(notAnInteger(text));
    }
    if (negative && !type.isSigned()) {
      return new Problem(
          "a minus sign: %s takes a number from %s".formatted(type.wireName(), rangeText(type)));
    }
    String significant = withoutLeadingZeros(digits);
    if (significant.length() > MOST_DIGITS) {
      return outOfRange(type);
    }
    BigInteger magnitude = new BigInteger(significant, hexadecimal ? 16 : 10);
    BigInteger number = negative ? magnitude.negate() : magnitude;
    if (number.compareTo(min(type)) < 0 || number.compareTo(max(type)) > 0) {
      return outOfRange(type);
    }
    return new Bytes(littleEndian(number.longValue(), type.sizeBytes()));
  }

  static String decode(ScalarType type, byte[] bytes, int offset) {
    long bits = 0;
    for (int i = type.sizeBytes() - 1; i >= 0; i--) {
      bits = bits << 8 | (bytes[offset + i] & 0xffL);
    }
    if (!type.isSigned()) {
      return Long.toUnsignedString(bits);
    }
    int unusedBits = Long.SIZE - Byte.SIZE * type.sizeBytes();
    return Long.toString(bits << unusedBits >> unusedBits);
  }

  private static byte[] littleEndian(long bits, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    for (int i = 0; i < sizeBytes; i++) {
      bytes[i] = (byte) (bits >> (Byte.SIZE * i));
    }
    return bytes;
  }

  private static String notAnInteger(String text) {
    if (text.chars().anyMatch(Character::isWhitespace)) {
      return "not an integer: it holds white space: remove it";
    }
    if (text.startsWith("+")) {
      return "not an integer: it has a plus sign: remove it";
    }
    if (text.matches("-?[0-9]*[.eE][0-9.eE+-]*")) {
      return "not an integer: it has a fraction or an exponent: write all digits";
    }
    return "not an integer: write decimal digits, or 0x and hexadecimal digits";
  }

  private static Problem outOfRange(ScalarType type) {
    return new Problem(
        "out of range for %s (%s..%s)".formatted(type.wireName(), min(type), max(type)));
  }

  private static String rangeText(ScalarType type) {
    return min(type) + " to " + max(type);
  }

  private static BigInteger min(ScalarType type) {
    return type.isSigned() ? BigInteger.ONE.shiftLeft(bits(type) - 1).negate() : BigInteger.ZERO;
  }

  private static BigInteger max(ScalarType type) {
    int bits = type.isSigned() ? bits(type) - 1 : bits(type);
    return BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
  }

  private static int bits(ScalarType type) {
    return Byte.SIZE * type.sizeBytes();
  }

  private static String withoutLeadingZeros(String digits) {
    int first = 0;
    while (first < digits.length() - 1 && digits.charAt(first) == '0') {
      first++;
    }
    return digits.substring(first);
  }

  // Character.digit would let digits of other scripts in.
  private static boolean isDigit(int c, boolean hexadecimal) {
    return (c >= '0' && c <= '9')
        || (hexadecimal && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
  }
}
