package io.taskstorage.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoTest {
  private final List<String> done = new ArrayList<>();
  private final StringWriter err = new StringWriter();
  private final Undo undo = new Undo(new PrintWriter(err));

  @Test
  void newestIsUndoneFirst() {
    // Given
    undo.add("first", () -> done.add("first"));
    undo.add("second", () -> done.add("second"));

    // When
    undo.close();

    // Then
    assertThat(done).containsExactly("second", "first");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void failureIsToldAndDoesNotKeepTheOthers() {
    // Given
    undo.add("first", () -> done.add("first"));
    undo.add(
        "unmount /a",
        () -> {
          throw new IOException("busy");
        });

    // When
    undo.close();

    // Then
    assertThat(done).containsExactly("first");
    assertThat(err.toString()).isEqualTo("unmount /a: busy: undo it by hand\n");
  }

  @Test
  void nothingIsUndoneTwice() {
    // Given
    undo.add("first", () -> done.add("first"));

    // When
    undo.close();
    undo.close();

    // Then
    assertThat(done).containsExactly("first");
  }
}
