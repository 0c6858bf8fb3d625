package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.bpf.Program;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.layout.Value;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many fences stand in the way of a row. */
@KernelTest
@GuestTest(GuestSuite.IN_KERNEL)
class RowsKernelTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** Ids that no cgroup has: the kernel counts up from 1. */
  private static final long CGROUP = 1L << 48;

  private final Opened opened = new Opened();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger passed = new AtomicInteger();
  private final Semaphore mayEnd = new Semaphore(0);
  private Rows rows;

  @BeforeEach
  void load() {
    List<ByteRange> owned = List.of(new ByteRange(0, Long.BYTES));
    NodePrograms programs = new NodePrograms(KernelOffsets.of(KernelBtf.vmlinux()), List.of(owned));
    ProgramSet.SetMap map =
        new ProgramSet.SetMap(opened.add(TestMaps.entries("rows", Long.BYTES)), Long.BYTES, owned);
    SetTables tables = SetTables.create(List.of(map), programs, opened);
    Program assign = opened.add(Program.load(programs.assign(), tables.byName()));
    Fences fences = opened.add(new Fences(this::fence));
    rows = new Rows(tables, assign, fences);
  }

  private void fence() {
    begun.incrementAndGet();
    mayEnd.acquireUninterruptibly();
    passed.incrementAndGet();
  }

  @AfterEach
  void close() {
    mayEnd.release(1);
    opened.close();
  }

  private void put(int cgroup) {
    Value value = Value.of(ByteBuffer.allocate(Long.BYTES).putLong(cgroup).array());
    rows.put(CGROUP + cgroup, List.of(new RowValue(Optional.of(value), false)), Rows.EPOCH);
  }

  @Test
  void aRowAfterARemovalWaitsForNoneThatHasPassedAhead() {
    // Given
    put(1);
    put(2);
    rows.remove(CGROUP + 1);

    // When
    rows.fenceAhead();
    mayEnd.release();
    await().atMost(LIMIT).until(() -> passed.get() == 1);
    put(3);
    rows.fenceAhead();
    put(4);

    // Then
    assertThat(begun).hasValue(1);
  }

  @Test
  void aRowAfterARemovalWaitsForOneWhereNoneHas() {
    // Given
    put(1);
    rows.remove(CGROUP + 1);
    mayEnd.release();

    // When
    put(2);

    // Then
    assertThat(passed).hasValue(1);
  }

  @Test
  void theRoomOfARowThatGoesWhileOneRunsWaitsForTheNext() {
    // Given
    put(1);
    put(2);
    rows.remove(CGROUP + 1);
    rows.fenceAhead();
    await().atMost(LIMIT).until(() -> begun.get() == 1);

    // When
    rows.remove(CGROUP + 2);
    mayEnd.release(2);
    put(3);

    // Then
    assertThat(passed).hasValue(2);
  }

  @Test
  void manyRemovalsAreOneFence() {
    // Given
    for (int cgroup = 1; cgroup <= 100; cgroup++) {
      put(cgroup);
    }
    for (int cgroup = 1; cgroup <= 100; cgroup++) {
      rows.remove(CGROUP + cgroup);
    }

    // When
    rows.fenceAhead();
    mayEnd.release();
    for (int cgroup = 101; cgroup <= 200; cgroup++) {
      put(cgroup);
    }

    // Then
    assertThat(begun).hasValue(1);
    assertThat(rows.cgroups()).hasSize(100);
  }
}
