package io.taskstorage.agent.observe;

import static io.taskstorage.agent.observe.ManifestFolder.map;
import static io.taskstorage.agent.observe.ManifestFolder.names;
import static io.taskstorage.agent.observe.ManifestFolder.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder, or files in it, that cannot be read at all. */
class UnreadableFolderTest {
  @TempDir Path folder;

  private ManifestFolder manifests;

  @BeforeEach
  void observe() {
    manifests = new ManifestFolder(folder);
  }

  @Test
  void aFolderThatVanishesLeavesEverythingInForce() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.observe();

    // When
    Path away = folder.resolveSibling(folder.getFileName() + ".away");
    Files.move(folder, away);
    ApiState gone = manifests.observe();
    ApiState stillGone = manifests.observe();
    Files.move(away, folder);
    ApiState back = manifests.observe();

    // Then
    assertThat(names(gone)).containsExactly("one");
    assertThat(gone.complete()).isFalse();
    assertThat(texts(gone))
        .containsExactly(
            folder + ": no such file or folder: create it (everything in force stays)");
    assertThat(stillGone).isSameAs(gone);
    assertThat(back.problems()).isEmpty();
    assertThat(back.complete()).isTrue();
    assertThat(names(back)).containsExactly("one");
  }

  @Test
  void aFileInPlaceOfTheFolderIsTold() throws IOException {
    // Given
    FileObserver ofFile =
        new FileObserver(manifests.write("a.yaml", map("one")), manifests.clock());

    // When
    ApiState state = ofFile.observe();

    // Then
    assertThat(texts(state))
        .containsExactly(
            folder.resolve("a.yaml")
                + ": not a folder: name the folder that holds the manifests (everything in force"
                + " stays)");
  }

  @Test
  void whatIsNoReadableFileIsTold() throws IOException {
    // Given
    Files.createDirectory(folder.resolve("a.yaml"));
    Files.createSymbolicLink(folder.resolve("b.yaml"), Path.of("nowhere"));
    Files.createSymbolicLink(folder.resolve("c.yaml"), Path.of("c.yaml"));
    Files.write(folder.resolve("d.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});
    Files.write(folder.resolve("e.yaml"), new byte[ManifestFile.MAX_BYTES + 1]);

    // When
    ApiState state = manifests.observe();

    // Then
    String never = " (until it is mended nothing in force is removed)";
    assertThat(texts(state))
        .containsExactly(
            "a.yaml: not a regular file: remove it or give it another name" + never,
            "b.yaml: a link to nothing: mend or remove it" + never,
            "c.yaml: a link to itself: mend or remove it" + never,
            "d.yaml: not UTF-8 text: save it as UTF-8" + never,
            "e.yaml: larger than 1 MiB: split it into several files" + never);
    assertThat(state.complete()).isFalse();
  }

  @Test
  void tooManyFilesAreNotReadAtAll() throws IOException {
    // Given
    manifests.write("a.yaml", map("one"));
    manifests.observe();

    // When
    for (int i = 0; i < FolderListing.MAX_FILES; i++) {
      manifests.write("m" + i + ".yaml", "");
    }
    ApiState state = manifests.observe();

    // Then
    assertThat(names(state)).containsExactly("one");
    assertThat(texts(state))
        .containsExactly(
            folder
                + ": 1001 manifest files, more than the 1000 that are read: put several objects"
                + " into one file (everything in force stays)");
  }

  @Test
  void tooManyBytesAreNotReadAtAll() throws IOException {
    // Given
    byte[] comment = "#".repeat(ManifestFile.MAX_BYTES).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 17; i++) {
      Files.write(folder.resolve(i + ".yaml"), comment);
    }

    // When
    ApiState state = manifests.observe();

    // Then
    assertThat(texts(state))
        .containsExactly(
            folder
                + ": 17825792 bytes of manifests, more than the 16777216 that are read: remove what"
                + " is not needed (everything in force stays)");
  }
}
