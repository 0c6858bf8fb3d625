package io.taskstorage.layout;

import io.taskstorage.layout.Encoded.Bytes;
import io.taskstorage.layout.Encoded.Problem;
import java.util.Base64;
import java.util.Optional;

/**
 * Standard base64 with padding (RFC 4648, 4), in the one form that the bytes have.
 *
 * <p>Java's decoder alone is too kind: it takes text without padding, and drops bits that no byte
 * takes.
 */
final class BytesText {

  private BytesText() {}

  static Encoded encode(Field field, String text) {
    Optional<String> malformed = malformed(text);
    if (malformed.isPresent()) {
      return new Problem("not standard base64: " + malformed.get());
    }
    byte[] bytes = Base64.getDecoder().decode(text);
    if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
      return new Problem(
          "not standard base64: its last character holds bits that no byte takes:"
              + " encode the bytes again");
    }
    if (bytes.length != field.sizeBytes()) {
      return new Problem(
          "%s bytes: %s takes exactly %s"
              .formatted(bytes.length, field.typeText(), field.sizeBytes()));
    }
    return new Bytes(bytes);
  }

  static String decode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Optional<String> malformed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isWhitespace(text.charAt(i))) {
        return Optional.of("white space at character " + (i + 1) + ": remove it");
      }
    }
    int digits = text.length();
    while (digits > 0 && text.charAt(digits - 1) == '=') {
      digits--;
    }
    for (int i = 0; i < digits; i++) {
      char c = text.charAt(i);
      if (!isBase64Digit(c)) {
        return Optional.of(wrongCharacter(c, i + 1));
      }
    }
    int padding = text.length() - digits;
    if (padding > 2) {
      return Optional.of(padding + " = at the end: at most 2 are allowed: remove some");
    }
    return text.length() % 4 == 0
        ? Optional.empty()
        : Optional.of(
            "%s characters: it comes in groups of 4: fill the last group with ="
                .formatted(text.length()));
  }

  private static String wrongCharacter(char c, int position) {
    return switch (c) {
      case '-', '_' ->
          "character %s is of the URL alphabet: write + for - and / for _".formatted(position);
      case '=' -> "= at character " + position + ": it is allowed only at the end";
      default ->
          "character %s is none of A-Z, a-z, 0-9, + and /: encode the bytes again"
              .formatted(position);
    };
  }

  private static boolean isBase64Digit(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/';
  }
}
