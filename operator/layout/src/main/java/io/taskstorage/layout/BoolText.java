package io.taskstorage.layout;

import io.taskstorage.layout.Encoded.Bytes;
import io.taskstorage.layout.Encoded.Problem;

/** A C {@code _Bool}: one byte, 0 or 1. */
final class BoolText {

  private BoolText() {}

  static Encoded encode(String text) {
    return switch (text) {
      case "true" -> new Bytes(new byte[] {1});
      case "false" -> new Bytes(new byte[] {0});
      default -> new Problem("not a Bool: write true or false");
    };
  }

  /** A byte that no compiler stores in a {@code _Bool} is shown as it is. */
  static String decode(byte value) {
    return switch (value) {
      case 0 -> "false";
      case 1 -> "true";
      default -> CharText.escaped(value);
    };
  }
}
