package io.taskstorage.bpf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The shared memory of a ring buffer, read as kernel/bpf/ringbuf.c writes it. Two positions count
 * bytes since the map was made; records lie between them, each behind a header of 8 bytes: u32
 * length with two flags, u32 for the kernel alone. The data pages are mapped twice in a row, so a
 * record never breaks at the end. Does no system call; one reader at a time.
 *
 * <p>Whatever stands in the memory, nothing outside it is read, and the reader never turns in a
 * circle: what no kernel writes is refused.
 */
final class RingMemory {

  /** Bytes of the header before each record. */
  static final int HEADER_BYTES = 8;

  /** The writer has not finished this record, nor can any after it be read. */
  static final int BUSY = 1 << 31;

  /** The writer gave this record up. */
  static final int DISCARD = 1 << 30;

  private static final int LENGTH_MASK = ~(BUSY | DISCARD);
  private static final VarHandle POSITION = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle HEADER = ValueLayout.JAVA_INT.varHandle();

  private final MemorySegment consumer;
  private final MemorySegment producer;
  private final MemorySegment data;
  private final long size;

  /**
   * @param consumer begins with the position up to which records are read; written here
   * @param producer begins with the position up to which the kernel has given out room
   * @param data twice the ring's bytes, 8-aligned; the ring's size is a power of two
   */
  RingMemory(MemorySegment consumer, MemorySegment producer, MemorySegment data) {
    this.consumer = consumer;
    this.producer = producer;
    this.data = data;
    this.size = data.byteSize() / 2;
  }

  /**
   * Takes out the finished records, oldest first, and frees their room. An unfinished record ends
   * the list; its writer wakes a waiting reader when it is done.
   *
   * @param limit how many records at most
   */
  List<byte[]> drain(int limit) {
    List<byte[]> records = new ArrayList<>();
    long position = (long) POSITION.get(consumer, 0L);
    while (records.size() < limit) {
      // Pairs with the kernel's release when it gives out room.
      long available = (long) POSITION.getAcquire(producer, 0L) - position;
      if (available == 0) {
        break;
      }
      if (available < 0 || available > size || (position & 7) != 0) {
        throw corrupt(position, available + " bytes between reader and writer of " + size);
      }
      long at = position & (size - 1);
      // Pairs with the xchg by which the kernel finishes a record.
      int header = (int) HEADER.getAcquire(data, at);
      if ((header & BUSY) != 0) {
        break;
      }
      int length = header & LENGTH_MASK;
      long room = roundUp(HEADER_BYTES + (long) length);
      if (room > available) {
        throw corrupt(position, "a record of " + length + " bytes where " + available + " are");
      }
      if ((header & DISCARD) == 0) {
        records.add(data.asSlice(at + HEADER_BYTES, length).toArray(ValueLayout.JAVA_BYTE));
      }
      position += room;
      // The kernel may reuse the room from here on: the copy is made before.
      POSITION.setRelease(consumer, 0L, position);
    }
    return records;
  }

  /** Bytes given out by the kernel and not yet taken out, finished or not, headers included. */
  long unreadBytes() {
    return (long) POSITION.getAcquire(producer, 0L) - (long) POSITION.get(consumer, 0L);
  }

  private static long roundUp(long bytes) {
    return (bytes + 7) & ~7L;
  }

  private static IllegalStateException corrupt(long position, String what) {
    return new IllegalStateException(
        "ring buffer read at "
            + position
            + ": "
            + what
            + ": something else writes this memory: make the map anew");
  }
}
