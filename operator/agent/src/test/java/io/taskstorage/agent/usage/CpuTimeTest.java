package io.taskstorage.agent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuTimeTest {
  /** User time of 7 ticks and system time of 5, behind a name that looks like the end of one. */
  private static final String STAT =
      "12 (a) 3 b) S 1 12 12 0 -1 4194304 10 0 0 0 7 5 0 0 20 0 1 0 100 1000 10\n";

  @TempDir Path proc;
  private Path task;

  @BeforeEach
  void makeTask() throws IOException {
    task = Files.createDirectories(proc.resolve("12/task/13"));
    Files.writeString(task.resolve("stat"), STAT);
  }

  @Test
  void isExactWhereTheKernelKeepsIt() throws IOException {
    // Given
    Files.writeString(task.resolve("schedstat"), "123456789 5 6\n");

    // When, Then
    assertThat(new CpuTime(proc).ofTask(12, 13)).hasValue(123_456_789);
  }

  @Test
  void isInTicksWhereItDoesNot() throws IOException {
    // When, Then
    assertThat(new CpuTime(proc).ofTask(12, 13)).hasValue(120_000_000);

    // Given
    Files.writeString(task.resolve("schedstat"), "0 0 0\n");

    // When, Then
    assertThat(new CpuTime(proc).ofTask(12, 13)).hasValue(120_000_000);
  }

  @Test
  void isNoneOfATaskThatHasEnded() {
    assertThat(new CpuTime(proc).ofTask(12, 14)).isEmpty();
  }
}
