package io.taskstorage.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When reports are said to pour in. */
class ReportRateTest {
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private final ReportRate rate = new ReportRate(() -> now);

  @Test
  void aFewAreNotMany() {
    // When
    count(99);
    // Then
    assertThat(rate.isBusy()).isFalse();
    assertThat(rate.last()).contains(now);
  }

  @Test
  void aHundredInTwoSecondsAreManyUntilTwoQuietWindowsLater() {
    // When
    count(100);
    // Then
    assertThat(rate.isBusy()).isTrue();
    pass(Duration.ofMillis(2100));
    assertThat(rate.isBusy()).as("in the window after").isTrue();
    pass(Duration.ofMillis(2100));
    assertThat(rate.isBusy()).isFalse();
  }

  @Test
  void aSteadyTrickleIsNotMany() {
    // When, Then
    for (int i = 0; i < 200; i++) {
      count(4);
      pass(Duration.ofMillis(100));
      assertThat(rate.isBusy()).isFalse();
    }
  }

  @Test
  void aClockThatIsSetBackBeginsAnew() {
    // Given
    count(100);
    // When
    pass(Duration.ofHours(-1));
    // Then
    assertThat(rate.isBusy()).isFalse();
    count(100);
    assertThat(rate.isBusy()).isTrue();
  }

  private void count(int reports) {
    for (int i = 0; i < reports; i++) {
      rate.count();
    }
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }
}
