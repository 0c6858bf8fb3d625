package io.taskstorage.agent.usage;

import io.taskstorage.layout.Literal;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.taskstore.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What the tasks use that carry the same value in one field.
 *
 * @param value as a policy's {@code value} takes it
 * @param display as people read it
 * @param tasks how many carry it
 * @param cpuNanos how long they have run on a CPU in all, each since it began; tasks that have
 *     ended do not count
 */
public record FieldUsage(String value, String display, int tasks, long cpuNanos) {
  private static final Comparator<FieldUsage> MOST_FIRST =
      Comparator.comparingLong(FieldUsage::cpuNanos)
          .thenComparingInt(FieldUsage::tasks)
          .reversed()
          .thenComparing(FieldUsage::value);

  /**
   * Sums up the tasks by their values; what uses most comes first.
   *
   * @param cpuNanos of a task; empty for one that has ended, which is left out
   */
  public static List<FieldUsage> of(
      PlacedField field, List<Entry> entries, Function<Entry, OptionalLong> cpuNanos) {
    Map<String, FieldUsage> byValue = new TreeMap<>();
    for (Entry entry : entries) {
      OptionalLong used = cpuNanos.apply(entry);
      if (used.isEmpty()) {
        continue;
      }
      byte[] bytes =
          Arrays.copyOfRange(entry.value().toBytes(), field.offsetBytes(), field.endBytes());
      FieldUsage one =
          new FieldUsage(
              Literal.decode(field.field(), bytes),
              Literal.display(field.field(), bytes),
              1,
              used.getAsLong());
      byValue.merge(one.value(), one, FieldUsage::plus);
    }
    List<FieldUsage> all = new ArrayList<>(byValue.values());
    all.sort(MOST_FIRST);
    return all;
  }

  private FieldUsage plus(FieldUsage other) {
    return new FieldUsage(value, display, tasks + other.tasks, cpuNanos + other.cpuNanos);
  }
}
