package io.taskstorage.e2e.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deaths of a kernel by its last words: those that the emulator is guilty of, and all others. */
class MachineTest {
  @TempDir private Path folder;

  @Test
  void aBreakpointThatIsGoneIsTheEmulatorsFault() throws IOException {
    // Given
    Path console = said("[    6.741781] Oops: int3: 0000 [#1] PREEMPT SMP NOPTI\n[ 7.0] more\n");
    // Then
    assertThat(Machine.wasItsFault(console)).isTrue();
  }

  @Test
  void everyOtherDeathIsTheKernels() throws IOException {
    // Given
    Path console = said("[    6.741781] Oops: Oops: 0000 [#1] PREEMPT SMP NOPTI\n");
    // Then
    assertThat(Machine.wasItsFault(console)).isFalse();
    assertThat(Machine.wasItsFault(folder.resolve("none"))).isFalse();
  }

  private Path said(String text) throws IOException {
    return Files.writeString(folder.resolve("console"), text);
  }
}
