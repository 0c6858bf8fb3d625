package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@KernelTest
class PidMaxKernelTest {
  private final int before = PidMax.now();

  /** Where it may be changed at all. */
  private final boolean isWritable = Files.isWritable(Path.of("/proc/sys/kernel/pid_max"));

  @Test
  void comesBackAfterwards() {
    // When
    int meanwhile;
    try (PidMax raised = PidMax.raisedTo(before + 1)) {
      assertThat(raised).isNotNull();
      meanwhile = PidMax.now();
    }
    // Then
    assertThat(meanwhile).isEqualTo(isWritable ? before + 1 : before);
    assertThat(PidMax.now()).isEqualTo(before);
  }

  @Test
  void comesBackAfterAFailureToo() {
    // When
    assertThatThrownBy(
            () -> {
              try (PidMax raised = PidMax.raisedTo(before + 1)) {
                assertThat(raised).isNotNull();
                throw new IllegalStateException("in the midst");
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("in the midst");
    // Then
    assertThat(PidMax.now()).isEqualTo(before);
  }

  @Test
  void staysWhereItIsLargeEnough() {
    // When
    int meanwhile;
    try (PidMax raised = PidMax.raisedTo(before)) {
      assertThat(raised).isNotNull();
      meanwhile = PidMax.now();
    }
    // Then
    assertThat(meanwhile).isEqualTo(before);
    assertThat(PidMax.now()).isEqualTo(before);
  }
}
