package io.taskstorage.api.v1alpha1;

import io.fabric8.kubernetes.api.model.IntOrString;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What JSON a property takes, derived from the record that holds it. */
sealed interface Shape {

  /** A string. */
  record Text() implements Shape {}

  /** A whole number of 32 bits. */
  record Whole() implements Shape {}

  /** A whole number of 32 bits, or a string. */
  record WholeOrText() implements Shape {}

  /** An object with any names, all values of one shape. */
  record Named(Shape value) implements Shape {}

  /** A list. */
  record Listed(Shape element) implements Shape {}

  /** An object with these properties and no others. */
  record Properties(Map<String, Shape> byName) implements Shape {}

  /** Whatever the API server or another program wrote there. */
  record Anything() implements Shape {}

  /** The shape of a part of a spec: its components but for the one that takes what is unknown. */
  static Properties of(Class<? extends Record> part) {
    Map<String, Shape> byName = new LinkedHashMap<>();
    for (RecordComponent component : part.getRecordComponents()) {
      if (!component.getName().equals("unknownFields")) {
        byName.put(component.getName(), of(component.getGenericType()));
      }
    }
    return new Properties(Collections.unmodifiableMap(byName));
  }

  private static Shape of(Type type) {
    if (type instanceof ParameterizedType generic) {
      Shape last =
          of(generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1]);
      return generic.getRawType() == List.class ? new Listed(last) : new Named(last);
    }
    if (type == String.class) {
      return new Text();
    }
    if (type == Integer.class) {
      return new Whole();
    }
    if (type == IntOrString.class) {
      return new WholeOrText();
    }
    if (type instanceof Class<?> part && part.isRecord()) {
      return of(part.asSubclass(Record.class));
    }
    throw new IllegalArgumentException(
        "derive shape of %s: no JSON type is known for it: add one".formatted(type));
  }
}
