package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void eachWaitIsBetweenHalfOfALimitThatDoublesAndTheLimit() {
    // Given
    Backoff backoff = new Backoff(new Random(1));
    long limit = Backoff.SHORTEST.toMillis();

    for (int i = 0; i < 20; i++) {
      // When
      long wait = backoff.next(Duration.ZERO).toMillis();

      // Then
      assertThat(wait).isBetween(limit / 2, limit);
      limit = Math.min(limit * 2, Backoff.LONGEST.toMillis());
    }
    assertThat(backoff.failures()).isEqualTo(20);
  }

  @Test
  void afterASuccessItBeginsAnew() {
    // Given
    Backoff backoff = new Backoff(new Random(1));
    backoff.next(Duration.ZERO);
    backoff.next(Duration.ZERO);

    // When
    backoff.reset();

    // Then
    assertThat(backoff.next(Duration.ZERO)).isLessThanOrEqualTo(Backoff.SHORTEST);
  }

  @Test
  void whatTheServerAsksForIsKeptAndSpread() {
    // Given
    Set<Duration> waits = new HashSet<>();

    // When
    for (int seed = 0; seed < 50; seed++) {
      waits.add(new Backoff(new Random(seed)).next(Duration.ofSeconds(7)));
    }

    // Then
    assertThat(waits)
        .hasSizeGreaterThan(20)
        .allMatch(wait -> wait.compareTo(Duration.ofSeconds(7)) >= 0)
        .allMatch(wait -> wait.compareTo(Duration.ofSeconds(8)) <= 0);
  }
}
