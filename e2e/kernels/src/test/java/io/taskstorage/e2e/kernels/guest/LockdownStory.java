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

/** What doctor says on a kernel that was started with {@code lockdown=confidentiality}. */
@GuestTest(GuestSuite.LOCKDOWN)
class LockdownStory {
  /** Nothing of the plane in the kernel reads memory by address, which is what is denied there. */
  @Test
  void thePlaneInTheKernelWorksAndTheLockdownIsNamed() throws IOException {
    // Given
    assertThat(Files.readString(Path.of("/sys/kernel/security/lockdown")))
        .contains("[confidentiality]");
    // When
    Outcome outcome =
        ChildJvm.of("io.taskstorage.agent.command.TaskStorageCommand").arguments("doctor").run();
    // Then
    assertThat(outcome.stdout())
        .startsWith("plane: InKernel\n")
        .containsPattern("yes +tracing programs +")
        .containsPattern("yes +first act +a new thread had its value before it ran\n")
        .containsPattern("lockdown +confidentiality\n");
    assertThat(outcome.exitCode()).isZero();
  }
}
