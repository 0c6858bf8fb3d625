package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TallyTest {
  private final Tally tally = new Tally();

  @Test
  void failuresOfOneMapAndReasonAreOneRow() {
    // When
    for (int tid = 1; tid <= 1000; tid++) {
      tally.fail(TENANTS, tid, refusal(Errno.ENOMEM, tid));
      tally.fail(HINTS, tid, refusal(Errno.ENOMEM, tid));
    }
    tally.fail(TENANTS, 5, refusal(Errno.EPERM, 5));
    // Then
    assertThat(tally.failures())
        .containsExactly(
            new TaskFailure(
                Optional.of(TENANTS),
                "ENOMEM",
                "map update task 1: ENOMEM (out of memory)",
                1000,
                OptionalInt.of(1)),
            new TaskFailure(
                Optional.of(HINTS),
                "ENOMEM",
                "map update task 1: ENOMEM (out of memory)",
                1000,
                OptionalInt.of(1)),
            new TaskFailure(
                Optional.of(TENANTS),
                "EPERM",
                "map update task 5: EPERM (operation not permitted)",
                1,
                OptionalInt.of(5)));
    assertThat(tally.counts(TENANTS, 0).failed()).isEqualTo(1001);
    assertThat(tally.changes()).isZero();
  }

  @Test
  void rowsAreBoundedAndTheRestIsCounted() {
    // When
    for (int i = 0; i < SweepResult.MAX_FAILURES + 7; i++) {
      tally.fail(new MapName("m" + i), 1, refusal(Errno.EPERM, 1));
    }
    // Then
    assertThat(tally.failures()).hasSize(SweepResult.MAX_FAILURES);
    assertThat(tally.failuresLeftOut()).isEqualTo(7);
  }

  @Test
  void aResultHasItsMapsInOrderAndCountsNoneForOthers() {
    // Given
    SweepCounts some = new SweepCounts(9, 1, 2, 3, 4, 5, 6);
    // When
    SweepResult result =
        new SweepResult(Map.of(TENANTS, some, HINTS, SweepCounts.NONE), List.of(), 0, 9, 0, 0);
    // Then
    assertThat(result.maps().keySet()).containsExactly(HINTS, TENANTS);
    assertThat(result.counts(TENANTS)).isEqualTo(some);
    assertThat(result.counts(new MapName("other"))).isEqualTo(SweepCounts.NONE);
    assertThat(result.changes()).isEqualTo(15);
  }

  private static BpfException refusal(Errno errno, int tid) {
    return new BpfException("map update", "task " + tid, errno, null);
  }
}
