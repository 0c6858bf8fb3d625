package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records out of ring memory, as the kernel writes it and as it never does. */
class RingMemoryTest {

  private static final int SIZE = 64;

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment consumer = arena.allocate(8, 8);
  private final MemorySegment producer = arena.allocate(8, 8);
  private final MemorySegment data = arena.allocate(2 * SIZE, 8);
  private final RingMemory memory = new RingMemory(consumer, producer, data);

  @Test
  void readsNothingFromAnEmptyRing() {
    // When
    List<byte[]> records = memory.drain(10);

    // Then
    assertThat(records).isEmpty();
    assertThat(memory.unreadBytes()).isZero();
  }

  @Test
  void readsRecordsInOrderAndFreesTheirRoom() {
    // Given
    write(bytes(1, 5), 0);
    write(bytes(2, 0), 0);
    write(bytes(3, 8), 0);

    // When
    List<byte[]> records = memory.drain(10);

    // Then
    assertThat(records).containsExactly(bytes(1, 5), bytes(2, 0), bytes(3, 8));
    assertThat(consumer.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(16 + 8 + 16);
    assertThat(memory.unreadBytes()).isZero();
  }

  @Test
  void leavesOutWhatTheWriterGaveUp() {
    // Given
    write(bytes(1, 4), RingMemory.DISCARD);
    write(bytes(2, 4), 0);

    // When
    List<byte[]> records = memory.drain(10);

    // Then
    assertThat(records).containsExactly(bytes(2, 4));
  }

  @Test
  void stopsBeforeAnUnfinishedRecord() {
    // Given
    write(bytes(1, 4), 0);
    write(bytes(2, 4), RingMemory.BUSY);
    write(bytes(3, 4), 0);

    // When
    List<byte[]> records = memory.drain(10);

    // Then
    assertThat(records).containsExactly(bytes(1, 4));
    assertThat(memory.unreadBytes()).isEqualTo(32);
  }

  @Test
  void takesNoMoreThanTheLimit() {
    // Given
    write(bytes(1, 4), 0);
    write(bytes(2, 4), 0);

    // When
    List<byte[]> first = memory.drain(1);
    List<byte[]> second = memory.drain(1);

    // Then
    assertThat(first).containsExactly(bytes(1, 4));
    assertThat(second).containsExactly(bytes(2, 4));
  }

  @Test
  void readsARecordThatWrapsInOnePiece() {
    // Given
    write(bytes(1, 40), 0);
    memory.drain(1);
    write(bytes(2, 48), 0);

    // When
    List<byte[]> records = memory.drain(1);

    // Then
    assertThat(records).containsExactly(bytes(2, 48));
    assertThat(consumer.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(48 + 56);
  }

  @Test
  void refusesARecordLongerThanWhatIsThere() {
    // Given
    producer.set(ValueLayout.JAVA_LONG, 0, 16);
    data.set(ValueLayout.JAVA_INT, 0, 9);

    // When, Then
    assertThatThrownBy(() -> memory.drain(1))
        .hasMessage(
            "ring buffer read at 0: a record of 9 bytes where 16 are:"
                + " something else writes this memory: make the map anew");
  }

  @Test
  void refusesAWriterBehindTheReader() {
    // Given
    consumer.set(ValueLayout.JAVA_LONG, 0, 16);

    // When, Then
    assertThatThrownBy(() -> memory.drain(1))
        .hasMessage(
            "ring buffer read at 16: -16 bytes between reader and writer of 64:"
                + " something else writes this memory: make the map anew");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithAModelOverRandomWrites(long seed) {
    // Given
    Random random = new Random(seed);
    Deque<byte[]> expected = new ArrayDeque<>();
    List<byte[]> read = new ArrayList<>();
    List<byte[]> written = new ArrayList<>();

    // When
    for (int turn = 0; turn < 5_000; turn++) {
      byte[] record = bytes(random.nextInt(), random.nextInt(SIZE - 7));
      if (memory.unreadBytes() + ((8 + record.length + 7) & ~7) <= SIZE) {
        boolean discard = random.nextInt(4) == 0;
        write(record, discard ? RingMemory.DISCARD : 0);
        if (!discard) {
          expected.add(record);
          written.add(record);
        }
      }
      int limit = random.nextInt(4);
      List<byte[]> drained = memory.drain(limit);
      assertThat(drained).hasSizeLessThanOrEqualTo(limit);
      for (byte[] record2 : drained) {
        assertThat(record2).isEqualTo(expected.poll());
      }
      read.addAll(drained);
    }
    read.addAll(memory.drain(Integer.MAX_VALUE));

    // Then
    assertThat(read.stream().map(Arrays::hashCode))
        .isEqualTo(written.stream().map(Arrays::hashCode).toList());
    assertThat(memory.unreadBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void endsWithRecordsOrARefusalWhateverStandsInTheMemory(long seed) {
    // Given
    Random random = new Random(seed);
    byte[] noise = new byte[2 * SIZE];
    int refused = 0;
    int read = 0;

    // When
    for (int turn = 0; turn < 20_000; turn++) {
      random.nextBytes(noise);
      if (random.nextBoolean()) {
        // Small numbers, so that many headers are nearly right.
        for (int i = 0; i < noise.length; i += 4) {
          noise[i + 1] = 0;
          noise[i + 2] = 0;
          noise[i + 3] &= (byte) 0xc0;
        }
      }
      MemorySegment.copy(noise, 0, data, ValueLayout.JAVA_BYTE, 0, noise.length);
      long position = random.nextInt(1000) * (random.nextInt(10) == 0 ? 1L : 8L);
      consumer.set(ValueLayout.JAVA_LONG, 0, position);
      producer.set(
          ValueLayout.JAVA_LONG,
          0,
          random.nextInt(10) == 0 ? random.nextLong() : position + random.nextInt(SIZE + 1));
      try {
        List<byte[]> records = memory.drain(Integer.MAX_VALUE);
        assertThat(records.stream().mapToInt(record -> record.length).sum()).isLessThan(SIZE);
        read += records.size();
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageStartingWith("ring buffer read at ");
        refused++;
      }
    }

    // Then
    assertThat(refused).isPositive();
    assertThat(read).isPositive();
  }

  /** As bpf_ringbuf_reserve and bpf_ringbuf_submit do it; the second half mirrors the first. */
  private void write(byte[] record, int flags) {
    long position = producer.get(ValueLayout.JAVA_LONG, 0);
    put(position, ints(record.length | flags));
    for (int i = 0; i < record.length; i++) {
      put(position + 8 + i, new byte[] {record[i]});
    }
    producer.set(ValueLayout.JAVA_LONG, 0, position + ((8 + record.length + 7) & ~7));
  }

  private void put(long position, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      long at = (position + i) & (SIZE - 1);
      data.set(ValueLayout.JAVA_BYTE, at, bytes[i]);
      data.set(ValueLayout.JAVA_BYTE, at + SIZE, bytes[i]);
    }
  }

  private static byte[] ints(int value) {
    return new byte[] {
      (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)
    };
  }

  private static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
