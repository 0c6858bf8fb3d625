package io.taskstorage.policy;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Copies of maps whose order depends on their keys alone, as expressions may see it. */
final class SortedCopy {

  private SortedCopy() {}

  static Map<String, String> of(Map<String, String> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
