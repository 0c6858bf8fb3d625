package io.taskstorage.bpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.asm.SamplePrograms.TaskOffsets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings as golden files; the kernel's own log is compared in {@code ListingKernelTest}. */
class ListingTest {

  private static final Path CASES = Path.of("src/test/resources/ListingTest");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dump-entries",
        "dump-pids",
        "inherit",
        "newtask-events",
        "write-field",
        "every-kind"
      })
  void printsTheVerifiersSyntax(String name) {
    // Given
    Code code = program(name);

    // When
    String listing = Listing.of(code);

    // Then
    assertThat(listing).isEqualTo(golden(name)).isEqualTo(code.toString());
  }

  private static Code program(String name) {
    return switch (name) {
      case "dump-entries" -> SamplePrograms.dumpEntries(TaskOffsets.FIXED, 16);
      case "dump-pids" -> SamplePrograms.dumpPids(TaskOffsets.FIXED);
      case "inherit" -> SamplePrograms.inherit();
      case "newtask-events" -> SamplePrograms.newtaskEvents(TaskOffsets.FIXED, 24);
      case "write-field" -> SamplePrograms.writeField(8);
      case "every-kind" -> SamplePrograms.everyKind();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static String golden(String name) {
    try {
      return Files.readString(CASES.resolve(name).resolve("listing.insns"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
