package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.layout.Value;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which value is in which slot, and when a slot is used again. */
@KernelTest
@GuestTest(GuestSuite.IN_KERNEL)
class ValueSlotsKernelTest {
  private final AtomicInteger passed = new AtomicInteger();
  private final Fences fences = new Fences(passed::incrementAndGet);
  private ValueSlots slots;

  @BeforeEach
  void create() {
    slots = ValueSlots.create("slots", 8, 4);
  }

  @AfterEach
  void close() {
    slots.close();
  }

  @Test
  void equalValuesShareASlotAndNoneIsSlotZero() {
    assertThat(take(1)).isEqualTo(take(1)).isEqualTo(1);
    assertThat(take(0)).isEqualTo(2);
    assertThat(stored(1)).isEqualTo(1);
    assertThat(stored(2)).isZero();
  }

  @Test
  void aSlotIsUsedAgainOnlyAfterAFence() {
    // Given
    take(1);
    take(2);
    take(3);
    // When
    slots.release(2, fences);
    slots.release(0, fences);
    // Then
    assertThat(stored(2)).as("a program may still read it").isEqualTo(2);
    // When
    int slot = take(4);
    // Then
    assertThat(slot).isEqualTo(2);
    assertThat(passed).hasValue(1);
    assertThat(stored(2)).isEqualTo(4);
  }

  @Test
  void aSlotThatAFenceHasPassedSinceIsUsedAgainWithoutAnother() {
    // Given
    take(1);
    take(2);
    take(3);
    slots.release(2, fences);
    slots.release(3, fences);
    // When
    fences.await(fences.next());
    // Then
    assertThat(take(4)).isEqualTo(2);
    assertThat(take(5)).isEqualTo(3);
    assertThat(passed).hasValue(1);
  }

  @Test
  void aSlotOfSeveralUsersStaysWithTheLast() {
    // Given
    take(1);
    take(1);
    take(2);
    take(3);
    slots.release(1, fences);
    // When all are taken
    // Then
    assertThatThrownBy(() -> take(4))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("E2BIG");
    assertThat(passed).hasValue(0);
    assertThat(take(1)).isEqualTo(1);
  }

  private int take(long value) {
    return slots.take(word(value), fences);
  }

  private long stored(int slot) {
    byte[] key =
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(slot).array();
    return ByteBuffer.wrap(slots.table().lookup(key).orElseThrow())
        .order(ByteOrder.nativeOrder())
        .getLong();
  }

  private static Value word(long value) {
    return Value.of(ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(value).array());
  }
}
