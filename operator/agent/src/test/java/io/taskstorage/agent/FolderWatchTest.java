package io.taskstorage.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long wait ends early only because the watch has marked. */
class FolderWatchTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path temporary;

  private final Dirty dirty = new Dirty();
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temporary.resolve("manifests"));
  }

  @Test
  void aFileThatComesMarks() throws IOException {
    try (FolderWatch watch = FolderWatch.start(folder, dirty)) {
      // When
      Files.writeString(folder.resolve("a.yaml"), "");

      // Then
      assertThat(isWoken()).isTrue();
      watch.renew();
    }
  }

  @Test
  void aFolderThatIsMadeAnewIsWatchedAfterRenewal() throws IOException {
    try (FolderWatch watch = FolderWatch.start(folder, dirty)) {
      // Given
      Path away = Files.move(folder, temporary.resolve("away"));
      Files.delete(away);
      dirty.await(LIMIT);
      Files.createDirectory(folder);

      // When
      watch.renew();
      Files.writeString(folder.resolve("a.yaml"), "");

      // Then
      assertThat(isWoken()).isTrue();
    }
  }

  @Test
  void aMissingFolderIsNoFailureAndIsWatchedWhenItComes() throws IOException {
    Path later = temporary.resolve("later");
    try (FolderWatch watch = FolderWatch.start(later, dirty)) {
      // Given
      Files.createDirectory(later);

      // When
      watch.renew();
      Files.writeString(later.resolve("a.yaml"), "");

      // Then
      assertThat(isWoken()).isTrue();
    }
  }

  @Test
  void afterCloseNothingIsWatchedAndNothingFails() throws IOException {
    // Given
    FolderWatch watch = FolderWatch.start(folder, dirty);
    watch.close();

    // When
    watch.renew();
    watch.close();

    // Then
    assertThat(dirty.isStopped()).isFalse();
  }

  /** True if the wait ends because of a mark or the end, and not because it was long enough. */
  private boolean isWoken() {
    long before = System.nanoTime();
    dirty.await(LIMIT);
    return System.nanoTime() - before < LIMIT.toNanos();
  }
}
