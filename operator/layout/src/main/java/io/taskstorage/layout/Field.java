package io.taskstorage.layout;

import java.util.OptionalInt;

/**
 * One declared field of a struct.
 *
 * <p>A field may be wrong, so that all mistakes of a definition can be told at once: {@link
 * StructLayout#problems} judges it. Sizes are known only of a field whose length is right.
 *
 * @param name the C identifier
 * @param type the type of the field, or of each element
 * @param length the number of elements; absent is a scalar. One element is an array all the same
 * @param owner who writes the field
 */
public record Field(String name, ScalarType type, OptionalInt length, Owner owner) {

  /** A field of one element without a length, written by policies. */
  public static Field scalar(String name, ScalarType type) {
    return new Field(name, type, OptionalInt.empty(), Owner.POLICY);
  }

  /** A field with a length, written by policies. */
  public static Field array(String name, ScalarType type, int length) {
    return new Field(name, type, OptionalInt.of(length), Owner.POLICY);
  }

  /** The same field with another owner. */
  public Field ownedBy(Owner newOwner) {
    return new Field(name, type, length, newOwner);
  }

  /** True if policies may set this field. */
  public boolean isPolicyOwned() {
    return owner == Owner.POLICY;
  }

  /** True if the literal of this field is a JSON array. */
  public boolean isIntegerArray() {
    return type.isInteger() && length.isPresent();
  }

  /** The type as people read it: {@code U64}, {@code U16[4]}, {@code Char[32]}. */
  public String typeText() {
    return length.isPresent() ? type.wireName() + "[" + length.getAsInt() + "]" : type.wireName();
  }

  /**
   * The number of elements, 1 for a scalar.
   *
   * @throws IllegalStateException if the length is missing or below 1
   */
  public int elementCount() {
    int count = length.orElse(type.needsLength() ? 0 : 1);
    if (count < 1) {
      throw new IllegalStateException(
          "size of field " + name + ": " + typeText() + " has no valid length: check it first");
    }
    return count;
  }

  /**
   * The bytes of the field, without padding.
   *
   * @throws IllegalStateException if the length is missing or below 1
   * @throws ArithmeticException if the size is no int
   */
  public int sizeBytes() {
    return Math.multiplyExact(elementCount(), type.sizeBytes());
  }
}
