package io.taskstorage.layout;

import io.taskstorage.layout.Encoded.Bytes;
import io.taskstorage.layout.Encoded.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** UTF-8 in a {@code char[N]} that always ends with a NUL and is zero from there on. */
final class CharText {

  private CharText() {}

  static Encoded encode(Field field, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\0') {
        return new Problem(
            "a NUL at character %s: the text would end there: remove it, or declare Bytes"
                .formatted(i + 1));
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return new Problem(
            "half a surrogate pair at character %s: UTF-8 cannot hold it: write the whole character"
                .formatted(i + 1));
      }
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int size = field.sizeBytes();
    if (utf8.length >= size) {
      return new Problem(
          "%s bytes of UTF-8: %s holds at most %s and a NUL: shorten it"
              .formatted(utf8.length, field.typeText(), size - 1));
    }
    return new Bytes(Arrays.copyOf(utf8, size));
  }

  static String decode(byte[] bytes) {
    int end = indexOfNul(bytes);
    if (end == bytes.length || !isZeroFrom(bytes, end)) {
      return display(bytes);
    }
    return strictly(bytes, 0, end).orElseGet(() -> display(bytes));
  }

  static String display(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    StringBuilder shown = new StringBuilder();
    int at = 0;
    while (at < end) {
      int next = at + Math.min(sequenceLength(bytes[at]), end - at);
      Optional<String> character = strictly(bytes, at, next);
      if (character.filter(CharText::isPrintable).isPresent()) {
        shown.append(character.get().replace("\\", "\\\\"));
      } else {
        // A wrong sequence is escaped byte by byte: the next byte may begin a right one.
        next = character.isPresent() ? next : at + 1;
        for (int i = at; i < next; i++) {
          shown.append(escaped(bytes[i]));
        }
      }
      at = next;
    }
    return shown.toString();
  }

  static String escaped(byte value) {
    return "\\x" + HexFormat.of().toHexDigits(value);
  }

  private static boolean isPrintable(String character) {
    return switch (Character.getType(character.codePointAt(0))) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /** How many bytes a UTF-8 sequence with this first byte has; 1 if none begins so. */
  private static int sequenceLength(byte first) {
    return switch (Integer.numberOfLeadingZeros(~first << (Integer.SIZE - Byte.SIZE))) {
      case 2 -> 2;
      case 3 -> 3;
      case 4 -> 4;
      default -> 1;
    };
  }

  private static Optional<String> strictly(byte[] bytes, int from, int to) {
    try {
      // A new decoder reports what is malformed; String's constructor would replace it.
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, from, to - from))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static int indexOfNul(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && bytes[at] != 0) {
      at++;
    }
    return at;
  }

  private static boolean isZeroFrom(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
