package io.taskstorage.bpf.contract;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The checks of a table by the ids of their rows, in the order in which they were added. */
final class Checks {
  private final SequencedMap<String, Check> byId = new LinkedHashMap<>();

  Checks add(String id, Check check) {
    if (byId.putIfAbsent(id, check) != null) {
      throw new IllegalArgumentException("check " + id + ": added twice");
    }
    return this;
  }

  SequencedMap<String, Check> byId() {
    return Collections.unmodifiableSequencedMap(byId);
  }
}
