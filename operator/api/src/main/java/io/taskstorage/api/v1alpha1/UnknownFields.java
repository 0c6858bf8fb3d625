package io.taskstorage.api.v1alpha1;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies what Jackson found no component for; values may be null, which Map.copyOf refuses. */
final class UnknownFields {

  private UnknownFields() {}

  static Map<String, Object> copyOf(@Nullable Map<String, Object> sent) {
    return sent == null || sent.isEmpty()
        ? Map.of()
        : Collections.unmodifiableMap(new LinkedHashMap<>(sent));
  }
}
