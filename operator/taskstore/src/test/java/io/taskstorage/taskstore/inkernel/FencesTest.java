package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which fence is enough for what, and how many are waited for. */
class FencesTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int MANY = 1_000;

  /** Fences that have begun, and how many more may end. */
  private final AtomicInteger begun = new AtomicInteger();

  private final Semaphore mayEnd = new Semaphore(MANY);
  private boolean isRefused;

  private final Fences fences =
      new Fences(
          () -> {
            begun.incrementAndGet();
            mayEnd.acquireUninterruptibly();
            if (isRefused) {
              throw new BpfException("map update", "fence", Errno.ENOMEM, null);
            }
          });

  @AfterEach
  void close() {
    mayEnd.release(MANY);
    fences.close();
  }

  @Test
  void whatHasPassedAheadIsNotWaitedForAgain() {
    // Given
    long number = fences.next();
    fences.ahead(number);
    await().atMost(LIMIT).until(() -> fences.hasPassed(number));

    // When
    fences.await(number);

    // Then
    assertThat(begun).hasValue(1);
  }

  @Test
  void withoutOneAheadItIsWaitedFor() {
    // When
    fences.await(fences.next());

    // Then
    assertThat(begun).hasValue(1);
  }

  @Test
  void nothingThatNeedsNoneWaits() {
    // When
    fences.await(0);

    // Then
    assertThat(begun).hasValue(0);
  }

  @Test
  void whatIsLetGoOfWhileOneRunsNeedsTheNextWhichIsOneForAll() {
    // Given
    mayEnd.drainPermits();
    long first = fences.next();
    fences.ahead(first);
    await().atMost(LIMIT).until(() -> begun.get() == 1);

    // When many are let go of
    long later = fences.next();
    for (int i = 0; i < MANY; i++) {
      fences.ahead(fences.next());
    }
    mayEnd.release();

    // Then
    assertThat(later).isGreaterThan(first);
    await().atMost(LIMIT).until(() -> begun.get() == 2);
    assertThat(fences.hasPassed(first)).isTrue();
    assertThat(fences.hasPassed(later)).isFalse();

    // When
    mayEnd.release();
    fences.await(later);

    // Then
    assertThat(begun).hasValue(2);
  }

  @Test
  void whatIsRefusedIsToldToWhoeverWaitsAndTriedAgain() {
    // Given
    isRefused = true;
    long number = fences.next();

    // When, Then
    assertThatThrownBy(() -> fences.await(number)).isInstanceOf(BpfException.class);
    assertThat(fences.hasPassed(number)).isFalse();

    // When
    isRefused = false;
    fences.await(number);

    // Then
    assertThat(fences.hasPassed(number)).isTrue();
  }

  @Test
  void oneAheadThatIsRefusedIsTriedAgainByWhoeverWaits() {
    // Given
    mayEnd.drainPermits();
    isRefused = true;
    long number = fences.next();
    fences.ahead(number);
    await().atMost(LIMIT).until(() -> begun.get() == 1);
    mayEnd.release();
    fences.close();
    assertThat(fences.hasPassed(number)).isFalse();

    // When
    isRefused = false;
    mayEnd.release();
    fences.await(number);

    // Then
    assertThat(begun).hasValue(2);
  }
}
