package io.taskstorage.agent.observe;

import static io.taskstorage.agent.observe.ManifestFolder.map;
import static io.taskstorage.agent.observe.ManifestFolder.names;
import static io.taskstorage.agent.observe.ManifestFolder.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.api.manifest.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays in force of a file that cannot be taken. */
class BrokenFilesTest {
  @TempDir Path folder;

  private ManifestFolder manifests;

  @BeforeEach
  void observe() {
    manifests = new ManifestFolder(folder);
  }

  @Test
  void aBrokenFileKeepsWhatWasInForceFromIt() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.observe();

    // When
    manifests.write("a.yaml", map("one").replace("spec:", "spec"));
    ApiState state = manifests.observe();

    // Then
    assertThat(names(state)).containsExactly("one");
    assertThat(state.complete()).isTrue();
    assertThat(texts(state))
        .containsExactly(
            "a.yaml:5: not valid YAML: could not find expected ':' (for what begins on line 4):"
                + " correct the text (what was in force from this file stays)");
  }

  @Test
  void aMendedFileIsTakenAgain() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.observe();
    manifests.write("a.yaml", "a: b: c");
    manifests.observe();

    // When
    manifests.write("a.yaml", map("two"));
    ApiState state = manifests.observe();

    // Then
    assertThat(names(state)).containsExactly("two");
    assertThat(state.problems()).isEmpty();
  }

  @Test
  void aFileThatWasNeverGoodMeansThatNothingIsRemoved() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.observe();

    // When
    Files.delete(folder.resolve("a.yaml"));
    manifests.write("b.yaml", map("one") + "oops: [");
    manifests.observe();
    manifests.passMillis(100);
    ApiState state = manifests.observe();

    // Then
    assertThat(names(state)).containsExactly("one");
    assertThat(state.complete()).isFalse();
    assertThat(texts(state))
        .containsExactly(
            "b.yaml:10: not valid YAML: expected the node content, but found '<stream end>':"
                + " correct the text (until it is mended nothing in force is removed)");
    assertThat(state.notices())
        .extracting(FileNotice::toString)
        .containsExactly(
            "a.yaml: TaskStorageMap one is gone and stays in force until every file can be read");
  }

  @Test
  void aRefusedDocumentKeepsItsLastGoodVersionAndTheRestIsTaken() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.observe();

    // When
    manifests.write("a.yaml", map("two") + "---\n" + map("one") + "sepc: {}\n");
    ApiState state = manifests.observe();

    // Then
    assertThat(names(state)).containsExactly("one", "two");
    assertThat(state.complete()).isTrue();
    assertThat(state.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.place()).hasToString("a.yaml:20");
              assertThat(problem.object()).contains(new ObjectKey("TaskStorageMap", "one"));
              assertThat(problem.path()).isEqualTo("sepc");
            });
  }

  @Test
  void aDocumentThatNobodyKnowsKeepsAllThatTheFileHeld() throws IOException {
    // Given
    manifests.write("a.yaml", map("one") + "---\n" + map("two"));
    manifests.observe();

    // When
    manifests.write("a.yaml", map("two") + "---\n" + "kind: TaskStorageMap\n");
    ApiState state = manifests.observe();

    // Then
    assertThat(names(state)).containsExactly("one", "two");
  }
}
