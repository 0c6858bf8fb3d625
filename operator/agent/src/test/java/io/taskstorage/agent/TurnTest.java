package io.taskstorage.agent;

import io.taskstorage.testkit.GoldenCase;
import io.taskstorage.testkit.GoldenCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user reads when a folder is as in {@code 1/}, then as in {@code 2/} and so on: from the
 * bytes of the manifests to steps and conditions. {@code cgroups.txt} has the paths of the node's
 * cgroups, {@code labels.txt} the node's labels; both may be missing.
 */
class TurnTest {
  @TempDir Path temporary;

  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenCases.of(getClass()).tests(this::run);
  }

  private void run(GoldenCase given) throws IOException {
    // Given
    List<String> cgroups =
        given.has("cgroups.txt") ? given.text("cgroups.txt").lines().toList() : List.of();
    Map<String, String> labels = new LinkedHashMap<>();
    if (given.has("labels.txt")) {
      given
          .text("labels.txt")
          .lines()
          .map(line -> line.split("=", 2))
          .forEach(l -> labels.put(l[0], l[1]));
    }
    Path folder = Files.createTempDirectory(temporary, "manifests");
    StringBuilder told = new StringBuilder();

    // When
    try (Turns turns = new Turns(folder, cgroups, labels)) {
      for (int turn = 1; Files.isDirectory(given.folder().resolve(String.valueOf(turn))); turn++) {
        replace(folder, given.path(String.valueOf(turn)));
        told.append("# ").append(turn).append('\n').append(turns.turn());
      }
    }

    // Then
    given.expect("out.txt", told.toString());
  }

  private static void replace(Path folder, Path by) throws IOException {
    try (Stream<Path> old = Files.list(folder)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    try (Stream<Path> files = Files.list(by)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }
}
