package io.taskstorage.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InterruptionTest {
  private final Interruption interruption = new Interruption();
  private final Thread signal = new Thread(interruption::askAndWait);

  @Test
  void signalEndsAPauseAtOnce() throws InterruptedException {
    // Given
    signal.start();

    // When / Then
    assertThatThrownBy(() -> interruption.pause(Duration.ofDays(1)))
        .isInstanceOf(Interruption.Interrupted.class);
    interruption.close();
    signal.join();
  }

  @Test
  void signalWaitsUntilEverythingIsUndone() throws InterruptedException {
    // Given
    signal.start();
    assertThatThrownBy(() -> interruption.pause(Duration.ofDays(1)))
        .isInstanceOf(Interruption.Interrupted.class);
    assertThat(signal.isAlive()).isTrue();

    // When
    interruption.close();

    // Then
    signal.join();
    assertThat(signal.isAlive()).isFalse();
  }

  @Test
  void withoutASignalTheStoryGoesOn() {
    // When
    interruption.pause(Duration.ofMillis(1));

    // Then
    assertThat(signal.isAlive()).isFalse();
  }
}
