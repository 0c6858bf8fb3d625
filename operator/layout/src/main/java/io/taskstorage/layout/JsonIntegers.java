package io.taskstorage.layout;

import io.taskstorage.layout.Encoded.Bytes;
import io.taskstorage.layout.Encoded.Problem;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A JSON array of integers (RFC 8259) to the bytes of an array and back.
 *
 * <p>Read by hand: a JSON library makes doubles of large numbers, or takes what JSON does not. An
 * element is a JSON integer of any size or a string without escapes that holds an integer as a
 * scalar field takes it, for tools that cannot write large numbers.
 */
final class JsonIntegers {

  private final String text;
  private int at;

  private JsonIntegers(String text) {
    this.text = text;
  }

  static Encoded encode(Field field, String text) {
    List<String> elements;
    try {
      elements = new JsonIntegers(text).elements();
    } catch (Malformed malformed) {
      return new Problem(malformed.cause);
    }
    if (elements.size() != field.elementCount()) {
      return new Problem(
          "%s elements: %s takes exactly %s"
              .formatted(elements.size(), field.typeText(), field.elementCount()));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(field.sizeBytes());
    for (int i = 0; i < elements.size(); i++) {
      switch (IntegerText.encode(field.type(), elements.get(i))) {
        case Bytes(byte[] element) -> bytes.writeBytes(element);
        case Problem(String message) -> {
          return new Problem(inElement(i, message));
        }
      }
    }
    return new Bytes(bytes.toByteArray());
  }

  static String decode(Field field, byte[] bytes) {
    int elementSize = field.type().sizeBytes();
    return IntStream.range(0, field.elementCount())
        .mapToObj(i -> IntegerText.decode(field.type(), bytes, i * elementSize))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** The integers of the array as text, unjudged: what a scalar literal of the type would be. */
  private List<String> elements() throws Malformed {
    List<String> elements = new ArrayList<>();
    skipSpace();
    if (!take('[')) {
      throw new Malformed("not a JSON array: write numbers between [ and ], separated by commas");
    }
    skipSpace();
    boolean more = !take(']');
    while (more) {
      elements.add(element(elements.size()));
      skipSpace();
      more = take(',');
      if (!more && !take(']')) {
        throw new Malformed(
            at == text.length()
                ? "not a JSON array: it has no end: close it with ]"
                : inElement(elements.size() - 1, "something follows: separate by a comma"));
      }
      skipSpace();
    }
    skipSpace();
    if (at < text.length()) {
      throw new Malformed("not a JSON array: something follows its ]: remove it");
    }
    return elements;
  }

  private String element(int index) throws Malformed {
    if (take('"')) {
      int end = text.indexOf('"', at);
      if (end < 0) {
        throw new Malformed(inElement(index, "a string without end: close it with \""));
      }
      String quoted = text.substring(at, end);
      at = end + 1;
      return quoted;
    }
    int start = at;
    take('-');
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    String number = text.substring(start, at);
    char next = at < text.length() ? text.charAt(at) : ' ';
    if (number.isEmpty() || number.equals("-")) {
      throw new Malformed(
          inElement(index, "not a JSON integer: write digits, or a number in quotes"));
    }
    if (next == '.' || next == 'e' || next == 'E') {
      throw new Malformed(
          inElement(index, "not an integer: it has a fraction or an exponent: write all digits"));
    }
    if (next == 'x' || next == 'X') {
      throw new Malformed(
          inElement(index, "not a JSON integer: put a hexadecimal number in quotes"));
    }
    if (number.matches("-?0.+")) {
      throw new Malformed(inElement(index, "not a JSON integer: remove its leading zeros"));
    }
    return number;
  }

  private boolean take(char expected) {
    boolean there = at < text.length() && text.charAt(at) == expected;
    if (there) {
      at++;
    }
    return there;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private static String inElement(int index, String message) {
    return "element [" + index + "]: " + message;
  }

  /** The text is no array of integers; the way out of the reader, never out of this class. */
  private static final class Malformed extends Exception {
    private final transient String cause;

    Malformed(String cause) {
      super(cause, null, false, false);
      this.cause = cause;
    }
  }
}
