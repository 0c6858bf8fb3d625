package io.taskstorage.agent.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObserverTest {
  private static final String MAP =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: TaskStorageMap
      metadata: {name: %s}
      spec:
        bpfName: tenant_ctx
        value:
          typeName: tenant_ctx
          fields:
          - {name: tenant_id, type: U64}
      """;

  @TempDir Path folder;

  /** A time at which everything that a test has written is old. */
  private Instant now = Instant.now().plus(Duration.ofDays(1));

  private FileObserver observer;

  @BeforeEach
  void observe() {
    observer = new FileObserver(folder, () -> now);
  }

  @Test
  void objectsOfAllFilesAreTaken() throws IOException {
    // Given
    write("a.yaml", MAP.formatted("one") + "---\n" + MAP.formatted("two"));
    write("b.yml", MAP.formatted("three"));
    write(
        "c.json",
        """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "taskstorage.io/v1alpha1", "kind": "TaskStorageMap",
           "metadata": {"name": "four"}, "spec": {}}]}
        """);
    write("readme.txt", "no manifest");
    write(".hidden.yaml", "{");
    write("#edited.yaml", "{");
    write("saved.yaml~", "{");

    // When
    ApiState state = observer.observe();

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
    write("a.yaml", MAP.formatted("one"));
    write("broken.yaml", "a: b: c");
    ApiState before = observer.observe();

    // When
    ApiState after = observer.observe();

    // Then
    assertThat(after).isSameAs(before);
  }

  @Test
  void aChangedFileIsReadAgain() throws IOException {
    // Given
    write("a.yaml", MAP.formatted("one"));
    observer.observe();

    // When
    write("a.yaml", MAP.formatted("two"));

    // Then
    assertThat(names(observer.observe())).containsExactly("two");
  }

  @Test
  void aRemovedFileTakesItsObjectsAway() throws IOException {
    // Given
    write("a.yaml", MAP.formatted("one"));
    write("b.yaml", MAP.formatted("two"));
    observer.observe();

    // When
    Files.delete(folder.resolve("a.yaml"));
    ApiState during = observer.observe();
    now = now.plusMillis(100);
    ApiState after = observer.observe();

    // Then
    assertThat(names(during)).containsExactly("one", "two");
    assertThat(during.settling()).isTrue();
    assertThat(names(after)).containsExactly("two");
    assertThat(after.settling()).isFalse();
  }

  @Test
  void aFileThatIsReplacedIsNotGoneInBetween() throws IOException {
    // Given
    write("a.yaml", MAP.formatted("one"));
    observer.observe();

    // When
    Files.delete(folder.resolve("a.yaml"));
    ApiState during = observer.observe();
    now = now.plusMillis(99);
    write("a.yaml", MAP.formatted("two"));
    ApiState after = observer.observe();

    // Then
    assertThat(names(during)).containsExactly("one");
    assertThat(names(after)).containsExactly("two");
    assertThat(after.settling()).isFalse();
  }

  @Test
  void aBrokenFileKeepsWhatWasInForceFromIt() throws IOException {
    // Given
    write("a.yaml", MAP.formatted("one"));
    observer.observe();

    // When
    write("a.yaml", MAP.formatted("one").replace("spec:", "spec"));
    ApiState state = observer.observe();

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
    write("a.yaml", MAP.formatted("one"));
    observer.observe();
    write("a.yaml", "a: b: c");
    observer.observe();

    // When
    write("a.yaml", MAP.formatted("two"));
    ApiState state = observer.observe();

    // Then
    assertThat(names(state)).containsExactly("two");
    assertThat(state.problems()).isEmpty();
  }

  @Test
  void aFileThatWasNeverGoodMeansThatNothingIsRemoved() throws IOException {
    // Given
    write("a.yaml", MAP.formatted("one"));
    observer.observe();

    // When
    Files.delete(folder.resolve("a.yaml"));
    write("b.yaml", MAP.formatted("one") + "oops: [");
    observer.observe();
    now = now.plusMillis(100);
    ApiState state = observer.observe();

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
    write("a.yaml", MAP.formatted("one"));
    observer.observe();

    // When
    write("a.yaml", MAP.formatted("two") + "---\n" + MAP.formatted("one") + "sepc: {}\n");
    ApiState state = observer.observe();

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
    write("a.yaml", MAP.formatted("one") + "---\n" + MAP.formatted("two"));
    observer.observe();

    // When
    write("a.yaml", MAP.formatted("two") + "---\n" + "kind: TaskStorageMap\n");
    ApiState state = observer.observe();

    // Then
    assertThat(names(state)).containsExactly("one", "two");
  }

  @Test
  void ofTwoObjectsOfOneNameTheOneInForceStays() throws IOException {
    // Given
    write("b.yaml", MAP.formatted("one"));
    observer.observe();

    // When
    write("a.yaml", MAP.formatted("one"));
    ApiState state = observer.observe();

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
    write("b.yaml", MAP.formatted("one"));
    write("a.yaml", MAP.formatted("one") + "---\n" + MAP.formatted("one"));

    // When
    ApiState state = observer.observe();

    // Then
    assertThat(place(state, "one")).hasToString("a.yaml:1");
    assertThat(state.problems())
        .extracting(problem -> problem.place().toString())
        .containsExactly("a.yaml:11", "b.yaml:1");
  }

  @Test
  void objectsOfOtherGroupsAreSkippedWithOneLine() throws IOException {
    // Given
    write("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}\n");

    // When
    ApiState state = observer.observe();

    // Then
    assertThat(state.problems()).isEmpty();
    assertThat(state.notices())
        .extracting(FileNotice::toString)
        .containsExactly("a.yaml:1: ConfigMap of v1 skipped: it is not of group taskstorage.io");
  }

  @Test
  void aFileThatIsBeingWrittenIsNotReadYet() throws IOException {
    // Given
    write("a.yaml", MAP.formatted("one"));
    observer.observe();

    // When
    write("a.yaml", MAP.formatted("two"));
    now = changeTime("a.yaml").plusMillis(50);
    ApiState during = observer.observe();
    now = now.plusMillis(50);
    ApiState after = observer.observe();

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
    write("a.yaml", MAP.formatted("one"));
    observer.observe();

    // When
    Files.delete(folder.resolve("a.yaml"));
    write("b.yaml", "");
    now = changeTime("b.yaml");
    ApiState state = observer.observe();

    // Then
    assertThat(state.settling()).isTrue();
    assertThat(state.complete()).isFalse();
    assertThat(names(state)).containsExactly("one");
  }

  @Test
  void aFileFromTheFutureIsStillWhenItStaysTheSame() throws IOException {
    // Given
    write("a.yaml", MAP.formatted("one"));
    now = changeTime("a.yaml").minus(Duration.ofDays(1));
    observer.observe();

    // When
    now = now.plusMillis(100);
    ApiState state = observer.observe();

    // Then
    assertThat(names(state)).containsExactly("one");
  }

  @Test
  void aFolderThatVanishesLeavesEverythingInForce() throws IOException {
    // Given
    write("a.yaml", MAP.formatted("one"));
    observer.observe();

    // When
    Path away = folder.resolveSibling(folder.getFileName() + ".away");
    Files.move(folder, away);
    ApiState gone = observer.observe();
    ApiState stillGone = observer.observe();
    Files.move(away, folder);
    ApiState back = observer.observe();

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
    FileObserver ofFile = new FileObserver(write("a.yaml", MAP.formatted("one")), () -> now);

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
  void aMountedConfigMapIsReadThroughItsLinks() throws IOException {
    // Given
    Path first = Files.createDirectory(folder.resolve("..2026_01"));
    Files.writeString(first.resolve("a.yaml"), MAP.formatted("one"));
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_01"));
    Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data/a.yaml"));
    ApiState before = observer.observe();

    // When
    Path second = Files.createDirectory(folder.resolve("..2026_02"));
    Files.writeString(second.resolve("a.yaml"), MAP.formatted("two"));
    Files.createSymbolicLink(folder.resolve("..tmp"), Path.of("..2026_02"));
    Files.move(
        folder.resolve("..tmp"),
        folder.resolve("..data"),
        java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    ApiState after = observer.observe();

    // Then
    assertThat(names(before)).containsExactly("one");
    assertThat(names(after)).containsExactly("two");
    assertThat(after.problems()).isEmpty();
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
    ApiState state = observer.observe();

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
  void aByteOrderMarkIsPassedOver() throws IOException {
    // Given
    write("a.yaml", "\uFEFF" + MAP.formatted("one"));

    // When
    ApiState state = observer.observe();

    // Then
    assertThat(names(state)).containsExactly("one");
  }

  @Test
  void tooManyFilesAreNotReadAtAll() throws IOException {
    // Given
    write("a.yaml", MAP.formatted("one"));
    observer.observe();

    // When
    for (int i = 0; i < FolderListing.MAX_FILES; i++) {
      write("m" + i + ".yaml", "");
    }
    ApiState state = observer.observe();

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
    ApiState state = observer.observe();

    // Then
    assertThat(texts(state))
        .containsExactly(
            folder
                + ": 17825792 bytes of manifests, more than the 16777216 that are read: remove what"
                + " is not needed (everything in force stays)");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Instant changeTime(String name) throws IOException {
    return ((java.nio.file.attribute.FileTime)
            Files.getAttribute(folder.resolve(name), "unix:ctime", LinkOption.NOFOLLOW_LINKS))
        .toInstant();
  }

  private static Place place(ApiState state, String map) {
    return Objects.requireNonNull(state.objects().get(new ObjectKey("TaskStorageMap", map)))
        .place();
  }

  private static List<String> names(ApiState state) {
    return state.objects().keySet().stream().map(ObjectKey::name).toList();
  }

  private static List<String> texts(ApiState state) {
    return state.problems().stream().map(FileProblem::toString).toList();
  }
}
