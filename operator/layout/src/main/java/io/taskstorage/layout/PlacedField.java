package io.taskstorage.layout;

/**
 * A field with its place in the struct.
 *
 * @param field what was declared
 * @param offsetBytes from the start of the struct, as C's {@code offsetof}
 * @param sizeBytes as C's {@code sizeof} of the member
 * @param alignmentBytes as C's {@code _Alignof} of the member's type
 */
public record PlacedField(Field field, int offsetBytes, int sizeBytes, int alignmentBytes) {

  /** The name of the field. */
  public String name() {
    return field.name();
  }

  /** The first byte after the field. */
  public int endBytes() {
    return offsetBytes + sizeBytes;
  }
}
