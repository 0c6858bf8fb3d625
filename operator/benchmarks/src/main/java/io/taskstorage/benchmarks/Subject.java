package io.taskstorage.benchmarks;

import io.taskstorage.layout.Field;
import io.taskstorage.layout.Owner;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.StoreMap;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** The map that all comparisons use: a value of 40 bytes. */
final class Subject {
  private Subject() {}

  static StoreMap map() {
    return map(0);
  }

  /** One of several maps that differ in their names only. */
  static StoreMap map(int number) {
    String name = number == 0 ? "bench" : "bench" + number;
    return new StoreMap(new MapName(name), new BpfName(name), layout(), Reclaim.DELETE);
  }

  static StructLayout layout() {
    return StructLayout.of(
        "bench",
        List.of(
            new Field("tenant", ScalarType.U64, OptionalInt.empty(), Owner.POLICY),
            new Field("app", ScalarType.CHAR, OptionalInt.of(32), Owner.POLICY)));
  }

  static Value value() {
    byte[] bytes = new byte[layout().sizeBytes()];
    Arrays.fill(bytes, 0, 8, (byte) 7);
    return Value.of(bytes);
  }
}
