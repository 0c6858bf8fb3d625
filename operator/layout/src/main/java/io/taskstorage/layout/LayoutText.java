package io.taskstorage.layout;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The one-line text of a layout, and the text that is digested. */
final class LayoutText {

  private static final String PROGRAM_MARK = "!" + Owner.PROGRAM.wireName();
  private static final Pattern STRUCT = Pattern.compile("(\\w+)\\{([^{}]*)}");
  private static final Pattern FIELD =
      Pattern.compile("(\\w+):(\\w+)(?:\\[(\\d{1,5})])?(" + PROGRAM_MARK + ")?");

  private LayoutText() {}

  static String of(StructLayout layout) {
    return layout.fields().stream()
        .map(PlacedField::field)
        .map(f -> f.name() + ":" + f.typeText() + (f.isPolicyOwned() ? "" : PROGRAM_MARK))
        .collect(Collectors.joining(",", layout.typeName() + "{", "}"));
  }

  static StructLayout parse(String text) {
    Matcher struct = STRUCT.matcher(text);
    if (!struct.matches()) {
      throw unreadable("not of the form name{field:Type,…}");
    }
    List<Field> fields =
        Stream.of(struct.group(2).split(",", -1)).map(LayoutText::parseField).toList();
    StructLayout layout = StructLayout.of(struct.group(1), fields);
    if (!of(layout).equals(text)) {
      // Leading zeros and the like: nothing of ours wrote this.
      throw unreadable("not in its canonical form");
    }
    return layout;
  }

  private static Field parseField(String text) {
    Matcher field = FIELD.matcher(text);
    if (!field.matches()) {
      throw unreadable(Quote.text(text) + " is no field");
    }
    ScalarType type =
        ScalarType.ofWireName(field.group(2))
            .orElseThrow(() -> unreadable(Quote.text(field.group(2)) + " is no type"));
    OptionalInt length =
        field.group(3) == null
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(field.group(3)));
    Owner owner = field.group(4) == null ? Owner.POLICY : Owner.PROGRAM;
    return new Field(field.group(1), type, length, owner);
  }

  private static IllegalArgumentException unreadable(String cause) {
    return new IllegalArgumentException(
        "read layout text: " + cause + ": it was written by something else");
  }

  static String digest(StructLayout layout) {
    String text =
        layout.fields().stream()
            .map(f -> f.offsetBytes() + " " + f.field().typeText() + " " + f.name() + "\n")
            .collect(
                Collectors.joining(
                    "", "struct %s %s\n".formatted(layout.typeName(), layout.sizeBytes()), ""));
    return "sha256:" + HexFormat.of().formatHex(sha256(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
