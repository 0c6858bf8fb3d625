package io.taskstorage.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WrappingTest {
  @Test
  void breaksAtSpaces() {
    // When / Then
    assertThat(Wrapping.lines("one two three", 8)).containsExactly("one two", "three");
  }

  @Test
  void lineMayBeAsLongAsTheWidth() {
    // When / Then
    assertThat(Wrapping.lines("one two", 7)).containsExactly("one two");
  }

  @Test
  void longWordStaysWhole() {
    // When / Then
    assertThat(Wrapping.lines("at /sys/fs/bpf it is", 5))
        .containsExactly("at", "/sys/fs/bpf", "it is");
  }

  @Test
  void spacesWithinALineStay() {
    // When / Then
    assertThat(Wrapping.lines("map a  tasks 2   late 1", 10))
        .containsExactly("map a", "tasks 2", "late 1");
    assertThat(Wrapping.lines("map a  tasks 2", 20)).containsExactly("map a  tasks 2");
  }

  @Test
  void nothingIsOneEmptyLine() {
    // When / Then
    assertThat(Wrapping.lines("", 10)).containsExactly("");
  }
}
