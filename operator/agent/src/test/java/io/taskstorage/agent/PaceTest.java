package io.taskstorage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final int TURNS = 20;

  @Test
  void aNewCgroupWaitsAsLongAsTheLastTurnTookWithinLimits() {
    assertThat(Pace.least(Duration.ZERO)).isEqualTo(Duration.ofMillis(1));
    assertThat(Pace.least(Duration.ofMillis(7))).isEqualTo(Duration.ofMillis(7));
    assertThat(Pace.least(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void cgroupsThatComeAllTheTimeMakeNoTurnEach() throws InterruptedException {
    // Given
    Dirty dirty = new Dirty();
    Pace pace = new Pace(dirty);
    AtomicInteger made = new AtomicInteger();
    Thread kernel =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!dirty.isStopped()) {
                    dirty.cgroupMade();
                    made.incrementAndGet();
                  }
                });
    long begin = System.nanoTime();

    // When
    for (int turn = 0; turn < TURNS; turn++) {
      pace.begins();
      pace.rest();
      dirty.await(Duration.ofMinutes(1));
    }
    Duration taken = Duration.ofNanos(System.nanoTime() - begin);
    dirty.stop();
    kernel.join();

    // Then
    assertThat(taken).isGreaterThanOrEqualTo(Pace.LEAST.multipliedBy(TURNS));
    assertThat(made).hasValueGreaterThan(TURNS);
  }
}
