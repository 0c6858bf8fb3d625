package io.taskstorage.layout;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The bytes of one value, in the byte order of the host: little endian on every machine that is
 * supported. Immutable: arrays are copied on the way in and out.
 */
public final class Value {

  private final byte[] bytes;

  private Value(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A value of zeros only. */
  public static Value zero(int sizeBytes) {
    return new Value(new byte[sizeBytes]);
  }

  /** A value of these bytes. */
  public static Value of(byte[] bytes) {
    return new Value(bytes.clone());
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** How many bytes. */
  public int sizeBytes() {
    return bytes.length;
  }

  /** The bytes in hexadecimal, lower case, without separators. */
  public String toHex() {
    return HexFormat.of().formatHex(bytes);
  }

  /** A copy of the bytes of one field. */
  public byte[] fieldBytes(PlacedField field) {
    return Arrays.copyOfRange(bytes, field.offsetBytes(), field.endBytes());
  }

  /**
   * This value with other bytes in one field.
   *
   * @throws IllegalArgumentException if the bytes are not exactly the size of the field
   */
  public Value withField(PlacedField field, byte[] fieldBytes) {
    requireSize("set field " + field.name(), fieldBytes.length, field.sizeBytes());
    byte[] changed = bytes.clone();
    System.arraycopy(fieldBytes, 0, changed, field.offsetBytes(), fieldBytes.length);
    return new Value(changed);
  }

  /**
   * What to store over an existing entry: the bytes that policies own from this value, everything
   * else, padding included, from the entry.
   *
   * @throws IllegalArgumentException if either is not exactly the size of the layout
   */
  public Value mergedInto(byte[] existing, StructLayout layout) {
    requireSizes("merge value", existing, layout);
    byte[] merged = existing.clone();
    for (ByteRange range : layout.ownedRanges()) {
      System.arraycopy(
          bytes, range.offsetBytes(), merged, range.offsetBytes(), range.lengthBytes());
    }
    return new Value(merged);
  }

  /**
   * True if an existing entry already holds this value's policy-owned bytes.
   *
   * @throws IllegalArgumentException if either is not exactly the size of the layout
   */
  public boolean sameOwnedBytes(byte[] existing, StructLayout layout) {
    requireSizes("compare value", existing, layout);
    for (ByteRange range : layout.ownedRanges()) {
      int from = range.offsetBytes();
      int to = range.endBytes();
      if (!Arrays.equals(bytes, from, to, existing, from, to)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Value that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The size only: a value may be nobody else's business. */
  @Override
  public String toString() {
    return "Value[" + bytes.length + " bytes]";
  }

  private void requireSizes(String operation, byte[] existing, StructLayout layout) {
    String object = operation + " of struct " + layout.typeName();
    requireSize(object, bytes.length, layout.sizeBytes());
    requireSize(object, existing.length, layout.sizeBytes());
  }

  private static void requireSize(String operation, int actual, int expected) {
    if (actual != expected) {
      throw new IllegalArgumentException(
          "%s: %s bytes, not %s: it belongs to another layout"
              .formatted(operation, actual, expected));
    }
  }
}
