package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.PlainMap;
import io.taskstorage.layout.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The values of one map, each in a slot of its own; equal values share one. A slot never changes
 * while a row may lead to it, nor while a program may still read it. Slot 0 is no value.
 */
final class ValueSlots implements AutoCloseable {
  /** As many different values as a map may have at once, while they take no more than that. */
  private static final int MOST = 4096;

  private static final int MOST_BYTES = 16 << 20;
  private static final int LEAST = 64;

  /** So many bytes of values are compared at a time: all, unless they are many and large. */
  private static final int LOOKED_AT_BYTES = 1 << 20;

  private final PlainMap table;
  private final int length;
  private final Map<Value, Integer> byValue = new HashMap<>();
  private final Map<Integer, Value> values = new HashMap<>();
  private final Map<Integer, Integer> users = new HashMap<>();
  private final Deque<Integer> free = new ArrayDeque<>();
  private final Deque<Retired> retired = new ArrayDeque<>();
  private int next = 1;

  /** A slot that nobody uses any more, and the fence after which it is free; oldest first. */
  private record Retired(int slot, long fence) {}

  /** Where {@link #restore} goes on. */
  private int look = 1;

  private ValueSlots(PlainMap table, int length) {
    this.table = table;
    this.length = length;
  }

  /** With as many slots as values of this size may have. */
  static ValueSlots create(String name, int valueBytes) {
    return create(name, valueBytes, Math.clamp(MOST_BYTES / valueBytes, LEAST, MOST));
  }

  /** With so many slots, slot 0 among them. */
  static ValueSlots create(String name, int valueBytes, int length) {
    return new ValueSlots(PlainMap.array(name, valueBytes, length), length);
  }

  /** Over the table of an earlier process, which no row leads to yet. */
  static ValueSlots over(PlainMap table) {
    return new ValueSlots(table, table.info().maxEntries());
  }

  /**
   * A row of an earlier process leads to this slot: one user more. Nothing for slot 0.
   *
   * @throws BpfException ENOENT where the table has no such slot
   */
  void found(int slot) {
    if (slot == 0) {
      return;
    }
    if (!values.containsKey(slot)) {
      Value value = Value.of(read(slot));
      values.put(slot, value);
      byValue.put(value, slot);
    }
    users.merge(slot, 1, Integer::sum);
  }

  /** All rows of the earlier process are found, and no program reads any other slot any more. */
  void foundAll() {
    next = values.keySet().stream().mapToInt(slot -> slot + 1).max().orElse(1);
    for (int slot = 1; slot < next; slot++) {
      if (!values.containsKey(slot)) {
        free.add(slot);
      }
    }
  }

  /**
   * Stores again those values that another process has changed; the next call goes on where this
   * one ends.
   *
   * @return how many
   */
  int restore() {
    if (look >= next) {
      look = 1;
    }
    int count = Math.min(Math.max(1, LOOKED_AT_BYTES / table.info().valueSize()), next - look);
    if (count == 0) {
      return 0;
    }
    int restored = 0;
    for (byte[] there : table.values(look, count)) {
      Value value = values.get(look);
      if (value != null && !value.equals(Value.of(there))) {
        table.put(key(look), value.toBytes());
        restored++;
      }
      look++;
    }
    return restored;
  }

  private byte[] read(int slot) {
    return table
        .lookup(key(slot))
        .orElseThrow(
            () ->
                new BpfException(
                    "read value",
                    table.info().name() + "[" + slot + "]",
                    Errno.ENOENT,
                    "a row leads to a slot that is not there"));
  }

  private static byte[] key(int slot) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(slot).array();
  }

  PlainMap table() {
    return table;
  }

  /**
   * The slot that holds these bytes, for one user more; they are stored before it is returned.
   *
   * @param fences one is waited for where there is no other slot
   * @throws BpfException E2BIG where all slots are taken
   */
  int take(Value value, Fences fences) {
    Integer known = byValue.get(value);
    int slot = known != null ? known : store(value, fences);
    users.merge(slot, 1, Integer::sum);
    return slot;
  }

  private int store(Value value, Fences fences) {
    if (free.isEmpty() && next == length && !retired.isEmpty()) {
      fences.await(retired.getFirst().fence());
    }
    while (!retired.isEmpty() && fences.hasPassed(retired.getFirst().fence())) {
      free.add(retired.removeFirst().slot());
    }
    int slot = free.isEmpty() ? next : free.getFirst();
    table.put(key(slot), value.toBytes());
    if (free.isEmpty()) {
      next++;
    } else {
      free.removeFirst();
    }
    byValue.put(value, slot);
    values.put(slot, value);
    return slot;
  }

  /** A user less; the last one makes the slot free after the next fence. Nothing for slot 0. */
  void release(int slot, Fences fences) {
    if (slot != 0 && users.merge(slot, -1, Integer::sum) == 0) {
      users.remove(slot);
      byValue.remove(values.remove(slot));
      retired.add(new Retired(slot, fences.next()));
    }
  }

  @Override
  public void close() {
    table.close();
  }
}
