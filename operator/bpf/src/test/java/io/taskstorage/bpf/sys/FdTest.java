package io.taskstorage.bpf.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Descriptors have one owner. */
class FdTest {
  @Test
  void isClosedOnce() {
    // Given
    Fd fd = Fd.owning(duplicate());
    int number = fd.number();
    fd.close();
    boolean open = fd.isOpen();

    // When
    try (Fd next = Fd.owning(duplicate())) {
      fd.close();

      // Then: the number may be in use again, and is not closed a second time.
      assertThat(Files.exists(Path.of("/proc/self/fd/" + next.number()))).isTrue();
    }
    assertThat(open).isFalse();
    assertThat(number).isPositive();
    assertThatThrownBy(fd::number).hasMessage("descriptor: is closed");
  }

  @Test
  void canBeGivenAway() {
    // Given
    Fd fd = Fd.owning(duplicate());

    // When
    int number = fd.disown();
    fd.close();

    // Then
    assertThat(Files.exists(Path.of("/proc/self/fd/" + number))).isTrue();
    Fd.owning(number).close();
    assertThat(Files.exists(Path.of("/proc/self/fd/" + number))).isFalse();
  }

  @Test
  void anErrorIsNoDescriptor() {
    assertThatThrownBy(() -> Fd.owning(-9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("descriptor -9: is an error");
  }

  @Test
  void descriptorZeroIsMovedUpwards() {
    // When
    Outcome outcome = child("zero");

    // Then
    assertThat(outcome.stdoutIfDone().strip()).isEqualTo("moved");
  }

  @Test
  void whatNobodyClosesIsClosedAndReportedWithItsStack() {
    // When
    Outcome outcome = child("leak");

    // Then
    assertThat(outcome.stdoutIfDone())
        .contains("was not closed")
        .contains("opened here")
        .contains(FdScenes.class.getName() + ".lose");
  }

  @Test
  void openDescriptorsAreKnownWhileTracing() {
    // When
    Outcome outcome = child("open");

    // Then
    assertThat(outcome.stdoutIfDone().lines()).containsExactly("0", "1 is open", "0");
  }

  private static Outcome child(String scene) {
    return ChildJvm.of(FdScenes.class.getName())
        .options("-D" + Fd.TRACE_PROPERTY + "=true")
        .arguments(scene)
        .run();
  }

  private static long duplicate() {
    return Syscall.call(Uapi.SYS_FCNTL, 1, Uapi.F_DUPFD_CLOEXEC, 3, 0, 0);
  }
}
