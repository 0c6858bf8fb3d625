package io.taskstorage.layout;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.BiFunction;

/** A whole value as text, field by field in declared order. */
public final class Decoder {

  private Decoder() {}

  /**
   * Name to {@link Literal#decode} of each field.
   *
   * @throws IllegalArgumentException if the value is not exactly the size of the layout
   */
  public static SequencedMap<String, String> decode(StructLayout layout, byte[] value) {
    return eachField(layout, value, Literal::decode);
  }

  /**
   * Name to {@link Literal#display} of each field.
   *
   * @throws IllegalArgumentException if the value is not exactly the size of the layout
   */
  public static SequencedMap<String, String> display(StructLayout layout, byte[] value) {
    return eachField(layout, value, Literal::display);
  }

  private static SequencedMap<String, String> eachField(
      StructLayout layout, byte[] value, BiFunction<Field, byte[], String> text) {
    if (value.length != layout.sizeBytes()) {
      throw new IllegalArgumentException(
          "decode struct %s: %s bytes, not %s: they belong to another layout"
              .formatted(layout.typeName(), value.length, layout.sizeBytes()));
    }
    SequencedMap<String, String> texts = new LinkedHashMap<>();
    for (PlacedField placed : layout.fields()) {
      byte[] bytes = Arrays.copyOfRange(value, placed.offsetBytes(), placed.endBytes());
      texts.put(placed.name(), text.apply(placed.field(), bytes));
    }
    return texts;
  }
}
