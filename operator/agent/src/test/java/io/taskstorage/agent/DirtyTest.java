package io.taskstorage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DirtyTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Dirty dirty = new Dirty();

  @Test
  void aMarkThatCameBeforeEndsTheWait() {
    // Given
    dirty.mark();

    // When, Then
    assertThat(isWoken()).isTrue();
    assertThat(dirty.isStopped()).isFalse();
  }

  @Test
  void aMarkCountsOnce() {
    // Given
    dirty.mark();
    dirty.mark();
    dirty.await(LIMIT);
    long before = System.nanoTime();

    // When
    dirty.await(Duration.ofMillis(20));

    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(19));
  }

  @Test
  void aMarkOfAnotherThreadEndsTheWait() throws InterruptedException {
    // Given
    Thread marking = Thread.ofPlatform().start(dirty::mark);

    // When, Then
    assertThat(isWoken()).isTrue();
    marking.join();
  }

  @Test
  void theEndIsForGoodAndEndsEveryWait() throws InterruptedException {
    // Given
    Thread stopping = Thread.ofPlatform().start(dirty::stop);

    // When, Then
    assertThat(isWoken()).isTrue();
    assertThat(isWoken()).isTrue();
    assertThat(dirty.isStopped()).isTrue();
    stopping.join();
  }

  @Test
  void whoIsInAHurryEndsTheRestAndTheWaitThatFollows() {
    // Given
    dirty.hurry();
    long before = System.nanoTime();

    // When
    dirty.rest(LIMIT, LIMIT);
    dirty.await(LIMIT);

    // Then
    assertThat(System.nanoTime() - before).isLessThan(LIMIT.toNanos());

    // When: it was seen
    before = System.nanoTime();
    dirty.rest(Duration.ofMillis(20), Duration.ofMillis(20));

    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(19));
  }

  @Test
  void anEarlyMarkEndsTheRestAfterItsLeast() {
    // Given
    dirty.markEarly();
    long before = System.nanoTime();

    // When
    dirty.rest(Duration.ofMillis(20), LIMIT);

    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofMillis(19), LIMIT);

    // When: it was seen
    dirty.await(LIMIT);
    dirty.mark();
    before = System.nanoTime();
    dirty.rest(Duration.ofMillis(1), Duration.ofMillis(20));

    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(19));
  }

  @Test
  void anEarlyMarkOfAnotherThreadEndsTheRest() throws InterruptedException {
    // Given
    Thread resting = Thread.ofPlatform().start(() -> dirty.rest(Duration.ofNanos(1), LIMIT));

    // When
    dirty.mark();
    dirty.markEarly();

    // Then
    assertThat(resting.join(LIMIT.dividedBy(2))).isTrue();
  }

  @Test
  void aLateMarkEndsAWaitInItsTimeAndIsSeenWithWhatComesBefore() {
    // Given
    dirty.markLate();
    long before = System.nanoTime();

    // When
    dirty.await(LIMIT);

    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Dirty.LATE.minusMillis(1), LIMIT);

    // When: something else comes
    dirty.markLate();
    dirty.mark();
    dirty.await(LIMIT);
    before = System.nanoTime();
    dirty.await(Dirty.LATE.plusMillis(500));

    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isGreaterThan(Dirty.LATE.plusMillis(499));
  }

  @Test
  void aLateMarkOfAnotherThreadEndsTheWait() throws InterruptedException {
    // Given
    Thread marking = Thread.ofPlatform().start(dirty::cgroupRemoved);

    // When, Then
    assertThat(isWoken()).isTrue();
    marking.join();
  }

  @Test
  void aWaitThatIsOverReturnsAtOnce() {
    // When
    dirty.await(Duration.ofSeconds(-1));

    // Then
    assertThat(dirty.isStopped()).isFalse();
  }

  @Test
  void anInterruptAsksForTheEnd() throws InterruptedException {
    // Given
    Thread waiting = Thread.ofPlatform().start(() -> dirty.await(LIMIT));

    // When
    waiting.interrupt();
    waiting.join();

    // Then
    assertThat(dirty.isStopped()).isTrue();
  }

  /** True if the wait ends because of a mark or the end, and not because it was long enough. */
  private boolean isWoken() {
    long before = System.nanoTime();
    dirty.await(LIMIT);
    return System.nanoTime() - before < LIMIT.toNanos();
  }
}
