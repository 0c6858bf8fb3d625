package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.PlainMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * The values of one map, each in a slot of its own; equal values share one. A slot never changes
 * while a row may lead to it. Slot 0 is no value.
 */
final class ValueSlots implements AutoCloseable {
  /** As many different values as a map may have at once, while they take no more than that. */
  private static final int MOST = 4096;

  private static final int MOST_BYTES = 16 << 20;
  private static final int LEAST = 64;

  private final PlainMap table;
  private final Map<ByteBuffer, Integer> slots = new HashMap<>();

  private ValueSlots(PlainMap table) {
    this.table = table;
  }

  /** With as many slots as values of this size may have. */
  static ValueSlots create(String name, int valueBytes) {
    int length = Math.clamp(MOST_BYTES / valueBytes, LEAST, MOST);
    return new ValueSlots(PlainMap.array(name, valueBytes, length));
  }

  PlainMap table() {
    return table;
  }

  /**
   * The slot that holds these bytes, stored before it is returned.
   *
   * @throws io.taskstorage.bpf.BpfException E2BIG where all slots are taken
   */
  int slotOf(byte[] value) {
    ByteBuffer key = ByteBuffer.wrap(value.clone()).asReadOnlyBuffer();
    Integer known = slots.get(key);
    if (known != null) {
      return known;
    }
    int slot = slots.size() + 1;
    table.put(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(slot).array(),
        value);
    slots.put(key, slot);
    return slot;
  }

  @Override
  public void close() {
    table.close();
  }
}
