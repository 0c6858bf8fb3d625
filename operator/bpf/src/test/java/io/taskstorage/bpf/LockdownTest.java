package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What securityfs says. */
class LockdownTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "[none] integrity confidentiality,none",
    "none [integrity] confidentiality,integrity",
    "none integrity [confidentiality],confidentiality"
  })
  void theModeInForceIsTheOneInBrackets(String text, String expected) throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("lockdown"), text + "\n");

    // When, Then
    assertThat(Lockdown.mode(file)).contains(expected);
  }

  @Test
  void withoutTheFileNobodyTells() {
    // When, Then
    assertThat(Lockdown.mode(folder.resolve("lockdown"))).isEmpty();
  }
}
