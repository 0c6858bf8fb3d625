package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.Dirty;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Outcome;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndOnSignalTest {

  /** A program whose last words come some time after its command has ended. */
  static final class Speaker {
    public static void main(String[] args) throws InterruptedException {
      Dirty dirty = new Dirty();
      try (EndOnSignal _ = EndOnSignal.watch(dirty)) {
        System.out.println("ready");
        while (!dirty.isStopped()) {
          dirty.await(Duration.ofMinutes(1));
        }
      }
      Thread.sleep(300);
      System.err.println("stop maps: why it failed: how to mend it");
      EndOnSignal.programEnds(7);
      System.exit(8);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INT", "TERM"})
  void whatAFailedEndSaysIsSaid(Child.Signal signal) {
    // Given
    try (Child speaker = ChildJvm.of(Speaker.class.getName()).start()) {
      speaker.awaitLine("ready");
      // When
      speaker.signal(signal);
      Outcome outcome = speaker.awaitExit();
      // Then
      assertThat(outcome.stderr()).isEqualTo("stop maps: why it failed: how to mend it\n");
      assertThat(outcome.exitCode()).isEqualTo(7);
    }
  }
}
