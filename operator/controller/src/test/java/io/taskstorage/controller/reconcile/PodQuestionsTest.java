package io.taskstorage.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When it is asked where pods are. */
class PodQuestionsTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final PodQuestions questions = new PodQuestions();

  @Test
  void onceForEachGeneration() {
    // When, Then
    assertThat(wait(1, Optional.empty(), false, NOW)).isZero();
    assertThat(wait(1, Optional.of(NOW), false, NOW.plusSeconds(3)))
        .isEqualTo(Duration.ofSeconds(7));
    assertThat(wait(2, Optional.of(NOW), false, NOW.plusSeconds(3))).isZero();
  }

  @Test
  void afterTwiceAsLongEachTimeAndAtMostFiveMinutes() {
    // Given
    Instant asked = NOW;
    wait(1, Optional.empty(), false, NOW);
    List<Long> waits = new java.util.ArrayList<>();
    // When
    for (int i = 0; i < 8; i++) {
      Duration wait = wait(1, Optional.of(asked), false, asked);
      waits.add(wait.toSeconds());
      asked = asked.plus(wait);
    }
    // Then
    assertThat(waits).containsExactly(10L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
  }

  @Test
  void onceMoreBeforeItIsReady() {
    // Given
    wait(1, Optional.empty(), false, NOW);
    Instant later = NOW.plus(Duration.ofHours(1));
    // When, Then
    assertThat(wait(1, Optional.of(later), true, later.plusSeconds(9)))
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(wait(1, Optional.of(later), true, later.plusSeconds(10))).isZero();
  }

  @Test
  void atOnceAfterTheClockWasSetBack() {
    // Given
    wait(1, Optional.empty(), false, NOW);
    // When, Then
    assertThat(wait(1, Optional.of(NOW), false, NOW.minusSeconds(3600))).isZero();
  }

  @Test
  void ofAPolicyThatCameBackAnew() {
    // Given
    wait(1, Optional.empty(), false, NOW);
    questions.keepOnly(List.of());
    // When, Then
    assertThat(wait(1, Optional.of(NOW), false, NOW.plusSeconds(1))).isZero();
  }

  private Duration wait(long generation, Optional<Instant> asked, boolean decides, Instant now) {
    return questions.wait("uid", generation, asked, decides, now);
  }
}
