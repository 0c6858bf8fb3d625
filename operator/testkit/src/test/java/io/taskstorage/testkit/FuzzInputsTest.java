package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzInputsTest {

  private static final byte[] ONE = "first input".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "the other".getBytes(StandardCharsets.UTF_8);

  @Test
  void everyKeptInputRunsAndThenItsChanges(@TempDir Path folder) throws Throwable {
    // Given
    Files.write(Files.createDirectory(folder.resolve("method")).resolve("a"), ONE);
    Files.write(folder.resolve("method/b"), OTHER);
    List<byte[]> given = new ArrayList<>();
    // When
    List<DynamicTest> tests = FuzzInputs.in(folder).tests(100, given::add).toList();
    for (DynamicTest test : tests) {
      test.getExecutable().execute();
    }
    // Then
    assertThat(tests)
        .extracting(DynamicTest::getDisplayName)
        .containsExactly("method/a", "method/b", "changed 100 times");
    assertThat(given).hasSize(102).startsWith(ONE, OTHER);
  }

  @Test
  void changesAreTheSameEachTimeAndOfEveryKind() {
    // Given
    List<byte[]> kept = List.of(ONE, OTHER, new byte[0]);
    // When
    List<String> first = changed(kept);
    // Then
    assertThat(changed(kept)).isEqualTo(first);
    assertThat(first.stream().distinct()).hasSizeGreaterThan(400);
    assertThat(first).anyMatch(text -> text.length() < 5).anyMatch(text -> text.length() > 20);
  }

  @Test
  void nothingKeptIsAMistake(@TempDir Path folder) {
    assertThatThrownBy(() -> FuzzInputs.in(folder).tests(1, _ -> {}))
        .isInstanceOf(AssertionError.class)
        .hasMessage("fuzz inputs %s: none there: keep at least one", folder);
  }

  private static List<String> changed(List<byte[]> kept) {
    return Stream.iterate(0, seed -> seed + 1)
        .limit(1_000)
        .map(seed -> FuzzInputs.changed(kept, new Random(seed)))
        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
        .toList();
  }
}
