package io.taskstorage.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.controller.aggregate.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a status may be written. */
class PaceTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void firstWriteWaitsForNothing() {
    assertThat(Pace.wait(Change.REAL, Optional.empty(), NOW, true, NOW)).isEmpty();
  }

  @Test
  void secondWriteWaitsForTheRestOfASecond() {
    // Given
    Optional<Instant> written = Optional.of(NOW.minusMillis(300));
    // Then
    assertThat(Pace.wait(Change.REAL, written, NOW, false, NOW)).hasValue(Duration.ofMillis(700));
    assertThat(Pace.wait(Change.REAL, written, NOW, false, NOW.plusMillis(700))).isEmpty();
  }

  @Test
  void whileReportsPourInWritesAreRare() {
    // Given
    Optional<Instant> written = Optional.of(NOW.minusSeconds(5));
    // Then
    assertThat(Pace.wait(Change.REAL, written, NOW, true, NOW)).hasValue(Duration.ofSeconds(10));
    assertThat(Pace.wait(Change.REAL, written, NOW, false, NOW)).isEmpty();
  }

  @Test
  void whileReportsPourInLooksAreRareToo() {
    // Given
    Instant looked = NOW.minusSeconds(1);
    // Then
    assertThat(Pace.mayLook(looked, true, NOW)).isFalse();
    assertThat(Pace.mayLook(looked, false, NOW)).isTrue();
    assertThat(Pace.mayLook(looked, true, NOW.plusSeconds(3))).isTrue();
    assertThat(Pace.mayLook(NOW.plusSeconds(3600), true, NOW)).isTrue();
  }

  @Test
  void countsWaitTenMinutes() {
    // Given
    Instant counted = NOW.minusSeconds(60);
    // Then
    assertThat(Pace.wait(Change.COUNTS, Optional.empty(), counted, false, NOW))
        .hasValue(Duration.ofMinutes(9));
    assertThat(Pace.wait(Change.COUNTS, Optional.empty(), counted, false, NOW.plusSeconds(540)))
        .isEmpty();
  }

  @Test
  void clockThatWasSetBackKeepsNobodyWaiting() {
    // Given
    Optional<Instant> written = Optional.of(NOW.plusSeconds(3600));
    // Then
    assertThat(Pace.wait(Change.REAL, written, NOW.plusSeconds(3600), true, NOW)).isEmpty();
  }
}
