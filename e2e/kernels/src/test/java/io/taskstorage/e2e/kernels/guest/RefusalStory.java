package io.taskstorage.e2e.kernels.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the product says on a kernel without task storage, word by word. No host runs it. */
@GuestTest(GuestSuite.REFUSAL)
class RefusalStory {
  @Test
  void runBeginsNothing(@TempDir Path manifests) throws IOException {
    // Given
    Files.writeString(manifests.resolve("none.yaml"), "");
    // When
    Outcome outcome = taskstorage("run", manifests.toString());
    // Then
    assertThat(outcome.stderr())
        .isEqualTo("use task storage: the kernel has no task storage: use Linux 5.11 or newer\n");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(Path.of("/sys/fs/bpf")).isEmptyDirectory();
  }

  @Test
  void doctorSaysWhatIsMissingAndHowToMendIt() {
    // When
    Outcome outcome = taskstorage("doctor");
    // Then
    assertThat(outcome.stdout())
        .startsWith(
            """
            plane: none
              lacking: task storage. taskstorage demo plays without it, and run --plane emulated tries
              manifests out
            """)
        .containsPattern(
            "task storage +the kernel has no task storage\n +mend: use Linux 5.11 or newer\n");
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  private static Outcome taskstorage(String... arguments) {
    return ChildJvm.of("io.taskstorage.agent.command.TaskStorageCommand")
        .arguments(arguments)
        .run();
  }
}
