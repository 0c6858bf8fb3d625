package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DebugTest {
  @Test
  void theOptionShowsWhereAKnownFailureCameFrom() {
    // When
    CommandRun without = CommandRun.of("run", "/no/such/folder");
    CommandRun with = CommandRun.of("run", "/no/such/folder", "--debug");

    // Then
    assertThat(without.exitCode()).isEqualTo(1);
    assertThat(without.err())
        .isEqualTo(
            "open /no/such/folder: no such folder: name the folder that holds the manifests\n");
    assertThat(with.exitCode()).isEqualTo(1);
    assertThat(with.err()).startsWith(without.err()).contains("\tat ").contains("RunCommand.java:");
  }
}
