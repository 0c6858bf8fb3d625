package io.taskstorage.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoNameTest {
  @Test
  void aDemosOwnNameIsReadBackAndAlive() throws IOException {
    // Given
    DemoName name = DemoName.ofThisProcess();

    // When, Then
    assertThat(DemoName.of(name.toString())).contains(name);
    assertThat(DemoName.of(name + "-123")).contains(name);
    assertThat(name.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(name.isAlive()).isTrue();
  }

  @Test
  void anotherProcessWithThePidIsNotTheDemo() throws IOException {
    // Given
    DemoName name = DemoName.ofThisProcess();

    // When, Then
    assertThat(new DemoName(name.pid(), name.start() - 1).isAlive()).isFalse();
    assertThat(new DemoName(4_000_000_000L, 1).isAlive()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"taskstorage", "taskstorage-demo-1", "taskstorage-demo-1-2x", "demo-1-2", ""})
  void whatIsNamedOtherwiseIsNoDemos(String text) {
    // When, Then
    assertThat(DemoName.of(text)).isEmpty();
  }
}
