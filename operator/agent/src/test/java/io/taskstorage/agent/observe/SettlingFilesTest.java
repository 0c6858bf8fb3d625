package io.taskstorage.agent.observe;

import static io.taskstorage.agent.observe.ManifestFolder.map;
import static io.taskstorage.agent.observe.ManifestFolder.names;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are being written or replaced while the folder is looked at. */
class SettlingFilesTest {
  @TempDir Path folder;

  private ManifestFolder manifests;

  @BeforeEach
  void observe() {
    manifests = new ManifestFolder(folder);
  }

  @Test
  void aFileThatIsReplacedIsNotGoneInBetween() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.observe();

    // When
    Files.delete(folder.resolve("a.yaml"));
    ApiState during = manifests.observe();
    manifests.passMillis(99);
    manifests.write("a.yaml", map("two"));
    ApiState after = manifests.observe();

    // Then
    assertThat(names(during)).containsExactly("one");
    assertThat(names(after)).containsExactly("two");
    assertThat(after.settling()).isFalse();
  }

  @Test
  void aFileThatIsBeingWrittenIsNotReadYet() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.observe();

    // When
    manifests.write("a.yaml", map("two"));
    manifests.setTime(manifests.changeTime("a.yaml").plusMillis(50));
    ApiState during = manifests.observe();
    manifests.passMillis(50);
    ApiState after = manifests.observe();

    // Then
    assertThat(during.settling()).isTrue();
    assertThat(during.complete()).isTrue();
    assertThat(names(during)).containsExactly("one");
    assertThat(after.settling()).isFalse();
    assertThat(names(after)).containsExactly("two");
  }

  @Test
  void aNewFileThatIsBeingWrittenMeansThatNothingIsRemoved() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.observe();

    // When
    Files.delete(folder.resolve("a.yaml"));
    manifests.write("b.yaml", "");
    manifests.setTime(manifests.changeTime("b.yaml"));
    ApiState state = manifests.observe();

    // Then
    assertThat(state.settling()).isTrue();
    assertThat(state.complete()).isFalse();
    assertThat(names(state)).containsExactly("one");
  }

  @Test
  void aFileFromTheFutureIsStillWhenItStaysTheSame() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.setTime(manifests.changeTime("a.yaml").minus(Duration.ofDays(1)));
    manifests.observe();

    // When
    manifests.passMillis(100);
    ApiState state = manifests.observe();

    // Then
    assertThat(names(state)).containsExactly("one");
  }
}
