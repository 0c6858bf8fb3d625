package io.taskstorage.layout;

import java.util.Arrays;

/**
 * Text to the bytes of one field, and back.
 *
 * <table>
 *   <caption>What a literal may be</caption>
 *   <tr><th>Field</th><th>Text</th></tr>
 *   <tr><td>U8 … U64</td><td>decimal digits, or {@code 0x} and hexadecimal digits</td></tr>
 *   <tr><td>S8 … S64</td><td>the same, after an optional {@code -}; hexadecimal digits are a
 *       magnitude, no bit pattern</td></tr>
 *   <tr><td>Bool</td><td>{@code true} or {@code false}</td></tr>
 *   <tr><td>Char[N]</td><td>text of at most N - 1 bytes of UTF-8 without NUL; the rest is
 *       zero</td></tr>
 *   <tr><td>Bytes[N]</td><td>standard base64 with padding of exactly N bytes</td></tr>
 *   <tr><td>integer[N]</td><td>a JSON array of exactly N elements, each a JSON integer of any size
 *       or, in quotes, what a single integer may be</td></tr>
 * </table>
 *
 * <p>Digits are ASCII digits, leading zeros are decimal, and nothing is trimmed. Numbers are little
 * endian.
 */
public final class Literal {

  private Literal() {}

  /**
   * The bytes of the field that the text means, or why it means none.
   *
   * @throws IllegalStateException if the field has no valid length
   */
  public static Encoded encode(Field field, String text) {
    return switch (field.type()) {
      case U8, U16, U32, U64, S8, S16, S32, S64 ->
          field.isIntegerArray()
              ? JsonIntegers.encode(field, text)
              : IntegerText.encode(field.type(), text);
      case BOOL -> BoolText.encode(text);
      case CHAR -> CharText.encode(field, text);
      case BYTES -> BytesText.encode(field, text);
    };
  }

  /**
   * The text that {@link #encode} turns into these bytes.
   *
   * <p>No text means some bytes that a program may have written: a Bool that is neither 0 nor 1, a
   * Char without NUL, with something behind its NUL, or not in UTF-8. They come as {@link #display}
   * shows them, and {@link #isExact} is false. The text of a Char may hold any other character,
   * line ends and terminal control codes included: print it with {@link #display}.
   *
   * @throws IllegalArgumentException if the bytes are not exactly the size of the field
   */
  public static String decode(Field field, byte[] fieldBytes) {
    requireSize(field, fieldBytes);
    return switch (field.type()) {
      case U8, U16, U32, U64, S8, S16, S32, S64 ->
          field.isIntegerArray()
              ? JsonIntegers.decode(field, fieldBytes)
              : IntegerText.decode(field.type(), fieldBytes, 0);
      case BOOL -> BoolText.decode(fieldBytes[0]);
      case CHAR -> CharText.decode(fieldBytes);
      case BYTES -> BytesText.decode(fieldBytes);
    };
  }

  /**
   * The bytes for people: as {@link #decode}, but always on one line and without control codes.
   *
   * <p>In a Char, every byte that is no printable character stands as {@code \xNN} with two
   * hexadecimal digits, and a backslash as two; a NUL with something behind it stands as {@code
   * \x00}. A Bool that is neither 0 nor 1 stands as {@code \xNN}.
   *
   * @throws IllegalArgumentException if the bytes are not exactly the size of the field
   */
  public static String display(Field field, byte[] fieldBytes) {
    return field.type() == ScalarType.CHAR
        ? CharText.display(requireSize(field, fieldBytes))
        : decode(field, fieldBytes);
  }

  /**
   * True if {@link #encode} turns the decoded text into these bytes again.
   *
   * @throws IllegalArgumentException if the bytes are not exactly the size of the field
   */
  public static boolean isExact(Field field, byte[] fieldBytes) {
    return encode(field, decode(field, fieldBytes)) instanceof Encoded.Bytes(byte[] again)
        && Arrays.equals(again, fieldBytes);
  }

  private static byte[] requireSize(Field field, byte[] fieldBytes) {
    if (fieldBytes.length != field.sizeBytes()) {
      throw new IllegalArgumentException(
          "decode field %s: %s bytes, not %s: they belong to another field"
              .formatted(field.name(), fieldBytes.length, field.sizeBytes()));
    }
    return fieldBytes;
  }
}
