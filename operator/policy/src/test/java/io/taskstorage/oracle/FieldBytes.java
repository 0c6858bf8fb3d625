package io.taskstorage.oracle;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a text to the bytes of one of the worlds' fields, by the reference alone. */
final class FieldBytes {

  private FieldBytes() {}

  /** The text if it is a number without a sign. */
  static @Nullable String number(@Nullable String text) {
    return text != null && text.matches("[0-9]+") ? text : null;
  }

  /** The bytes of the text, or zeros where there is none or it does not fit. */
  static String hex(String field, @Nullable String text) {
    return switch (field) {
      case "small" -> hex(fitting(text, 255), 1);
      case "wide" -> hex(fitting(text, 4294967295L), 4);
      case "flag" -> "true".equals(text) ? "01" : "00";
      default -> {
        byte[] bytes = Optional.ofNullable(text).orElse("").getBytes(StandardCharsets.US_ASCII);
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < 8; i++) {
          hex.append("%02x".formatted(bytes.length < 8 && i < bytes.length ? bytes[i] : 0));
        }
        yield hex.toString();
      }
    };
  }

  private static long fitting(@Nullable String text, long most) {
    return text != null && text.matches("[0-9]+") && Long.parseLong(text) <= most
        ? Long.parseLong(text)
        : 0;
  }

  private static String hex(long number, int bytes) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < bytes; i++) {
      hex.append("%02x".formatted(number >> (8 * i) & 0xff));
    }
    return hex.toString();
  }
}
