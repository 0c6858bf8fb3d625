package io.taskstorage.agent.observe;

import static io.taskstorage.agent.observe.ManifestFolder.map;
import static io.taskstorage.agent.observe.ManifestFolder.names;
import static io.taskstorage.agent.observe.ManifestFolder.place;
import static io.taskstorage.agent.observe.ManifestFolder.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken from a folder of manifests, and what a change of it does. */
class FileObserverTest {
  @TempDir Path folder;

  private ManifestFolder manifests;

  @BeforeEach
  void observe() {
    manifests = new ManifestFolder(folder);
  }

  @Test
  void objectsOfAllFilesAreTaken() throws IOException {
    // Given
    manifests.write("a.yaml", map("one") + "---\n" + map("two"));
    manifests.write("b.yml", map("three"));
    manifests.write(
        "c.json",
        """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "taskstorage.io/v1alpha1", "kind": "TaskStorageMap",
           "metadata": {"name": "four"}, "spec": {}}]}
        """);
    manifests.write("readme.txt", "no manifest");
    manifests.write(".hidden.yaml", "{");
    manifests.write("#edited.yaml", "{");
    manifests.write("saved.yaml~", "{");

    // When
    ApiState state = manifests.observe();

    // Then
    assertThat(names(state)).containsExactly("four", "one", "three", "two");
    assertThat(state.complete()).isTrue();
    assertThat(state.problems()).isEmpty();
    assertThat(place(state, "four")).hasToString("c.json:2");
    assertThat(place(state, "two")).hasToString("a.yaml:11");
  }

  @Test
  void anUnchangedFolderGivesTheSameState() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.write("broken.yaml", "a: b: c");
    ApiState before = manifests.observe();

    // When
    ApiState after = manifests.observe();

    // Then
    assertThat(after).isSameAs(before);
  }

  @Test
  void aChangedFileIsReadAgain() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.observe();

    // When
    manifests.write("a.yaml", map("two"));

    // Then
    assertThat(names(manifests.observe())).containsExactly("two");
  }

  @Test
  void aRemovedFileTakesItsObjectsAway() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.write("b.yaml", map("two"));
    manifests.observe();

    // When
    Files.delete(folder.resolve("a.yaml"));
    ApiState during = manifests.observe();
    manifests.passMillis(100);
    ApiState after = manifests.observe();

    // Then
    assertThat(names(during)).containsExactly("one", "two");
    assertThat(during.settling()).isTrue();
    assertThat(names(after)).containsExactly("two");
    assertThat(after.settling()).isFalse();
  }

  @Test
  void ofTwoObjectsOfOneNameTheOneInForceStays() throws IOException {
    // Given
    manifests.write("b.yaml", map("one"));
    manifests.observe();

    // When
    manifests.write("a.yaml", map("one"));
    ApiState state = manifests.observe();

    // Then
    assertThat(place(state, "one")).hasToString("b.yaml:1");
    assertThat(texts(state))
        .containsExactly(
            "a.yaml:1: TaskStorageMap one: metadata.name: is also in b.yaml:1, which is the one in"
                + " force: remove one of them");
  }

  @Test
  void ofTwoNewObjectsOfOneNameTheFirstFileDecides() throws IOException {
    // Given
    manifests.write("b.yaml", map("one"));
    manifests.write("a.yaml", map("one") + "---\n" + map("one"));

    // When
    ApiState state = manifests.observe();

    // Then
    assertThat(place(state, "one")).hasToString("a.yaml:1");
    assertThat(state.problems())
        .extracting(problem -> problem.place().toString())
        .containsExactly("a.yaml:11", "b.yaml:1");
  }

  @Test
  void objectsOfOtherGroupsAreSkippedWithOneLine() throws IOException {
    // Given
    manifests.write(
        "a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}\n");

    // When
    ApiState state = manifests.observe();

    // Then
    assertThat(state.problems()).isEmpty();
    assertThat(state.notices())
        .extracting(FileNotice::toString)
        .containsExactly("a.yaml:1: ConfigMap of v1 skipped: it is not of group taskstorage.io");
  }

  @Test
  void aMountedConfigMapIsReadThroughItsLinks() throws IOException {
    // Given
    Path first = Files.createDirectory(folder.resolve("..2026_01"));
    Files.writeString(first.resolve("a.yaml"), map("one"));
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_01"));
    Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data/a.yaml"));
    ApiState before = manifests.observe();

    // When
    Path second = Files.createDirectory(folder.resolve("..2026_02"));
    Files.writeString(second.resolve("a.yaml"), map("two"));
    Files.createSymbolicLink(folder.resolve("..tmp"), Path.of("..2026_02"));
    Files.move(folder.resolve("..tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    ApiState after = manifests.observe();

    // Then
    assertThat(names(before)).containsExactly("one");
    assertThat(names(after)).containsExactly("two");
    assertThat(after.problems()).isEmpty();
  }

  @Test
  void aByteOrderMarkIsPassedOver() throws IOException {
    // Given
    manifests.write("a.yaml", "\uFEFF" + map("one"));

    // When
    ApiState state = manifests.observe();

    // Then
    assertThat(names(state)).containsExactly("one");
  }
}
