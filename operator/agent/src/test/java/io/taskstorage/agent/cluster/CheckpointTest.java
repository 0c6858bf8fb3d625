package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.agent.cluster.Checkpoint.Found;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final String SERVER = "https://10.0.0.1:6443";
  private static final Checkpoint SOME =
      new Checkpoint(
          SERVER,
          List.of(
              new Checkpoint.Kept(Resource.PODS, "{\"metadata\":{\"name\":\"a b\\nc\"}}"),
              new Checkpoint.Kept(Resource.TASKSTORAGEMAPS, "{\"spec\":{\"é\":1}}")),
          List.of(new Checkpoint.Kept(Resource.TASKSTORAGEMAPS, "{\"spec\":{\"é\":2}}")));
  private static final String WHOLE_MAP =
      """
      {"apiVersion":"taskstorage.io/v1alpha1","kind":"TaskStorageMap",
       "metadata":{"name":"m","uid":"u1","generation":3,"creationTimestamp":"2026-01-01T00:00:00Z"},
       "spec":{"bpfName":"m","reclaimPolicy":"Retain","maxFailedNodes":"10%",
        "nodeSelector":{"matchExpressions":[{"key":"zone","operator":"In","values":["a"]}]},
        "allowedPolicies":{"namespaces":{"from":"Selector",
         "selector":{"matchLabels":{"team":"a"}}},"fields":["a"]},
        "value":{"typeName":"t","fields":[{"name":"a","type":"U8"},
         {"name":"b","type":"Bytes","length":4,"owner":"Program"}]}}}
      """;
  private static final String WHOLE_POLICY =
      """
      {"apiVersion":"taskstorage.io/v1alpha1","kind":"ClusterTaskStoragePolicy",
       "metadata":{"name":"p","uid":"u2","generation":1},
       "spec":{"targetRefs":[{"group":"taskstorage.io","kind":"TaskStorageMap","name":"m"}],
        "tier":"Admin","priority":100,
        "subject":{"hostProcesses":{"systemdUnits":["a.service"],"cgroupPaths":["/b"]}},
        "values":[{"field":"a","valueFrom":{"cel":{"expression":"uint(1)"}}}]}}
      """;

  @TempDir private Path folder = Path.of("");

  private Path file() {
    return folder.resolve("state").resolve("api-state");
  }

  private Found written() throws IOException {
    SOME.write(folder.resolve("state"), "node-1");
    return read();
  }

  private Found read() {
    return Checkpoint.read(folder.resolve("state"), "node-1", SERVER);
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    assertThat(written()).isEqualTo(new Found.Of(SOME));
  }

  @ParameterizedTest
  @ValueSource(strings = {WHOLE_MAP, WHOLE_POLICY})
  void anEarlierVersionThatCountsIsReadAsItWas(String text) {
    // Given
    HasMetadata object = read(text);

    // When
    Checkpoint.Kept kept = new Checkpoint.Kept(Resource.of(object.getKind()), Pruning.keep(object));
    Checkpoint checkpoint = new Checkpoint(SERVER, List.of(), List.of(kept));

    // Then
    assertThat(checkpoint.accepted()).containsOnlyKeys(ObjectKey.of(object));
    assertThat(Reading.tree(kept.text())).isEqualTo(Reading.tree(text));
    assertThat(checkpoint.accepted().values()).containsExactly(object);
  }

  private static HasMetadata read(String text) {
    if (Reading.ours(text, SERVER) instanceof Reading.Ours.Known(Origin origin)) {
      return origin.object();
    }
    throw new AssertionError("not read: " + text);
  }

  @Test
  void itIsForItsOwnerAlone() throws IOException {
    // When
    written();

    // Then
    assertThat(mode(folder.resolve("state"))).isEqualTo("rwx------");
    assertThat(mode(file())).isEqualTo("rw-------");
    try (Stream<Path> left = Files.list(folder.resolve("state"))) {
      assertThat(left).containsExactly(file());
    }
  }

  @Test
  void aFolderThatOthersMayWriteIntoIsRefused() throws IOException {
    // Given
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    // When, Then
    assertThatThrownBy(() -> SOME.write(open, "node-1"))
        .hasMessage("others may write into it: chmod 0700 " + open);
  }

  @Test
  void whereItCannotBeWrittenNoEarlierOneIsLeft() throws IOException {
    // Given
    written();
    Files.createDirectory(folder.resolve("state").resolve("api-state.next"));

    // When, Then
    assertThatThrownBy(() -> SOME.write(folder.resolve("state"), "node-1"))
        .isInstanceOf(IOException.class);
    assertThat(read()).isEqualTo(new Found.Nothing());
  }

  @Test
  void withoutAFileThereIsNothing() {
    assertThat(read()).isEqualTo(new Found.Nothing());
  }

  @Test
  void everyByteThatChangesIsNoticed() throws IOException {
    // Given
    written();
    byte[] good = Files.readAllBytes(file());

    for (int i = 0; i < good.length; i++) {
      // When
      byte[] bad = good.clone();
      bad[i] ^= 1;
      Files.write(file(), bad);

      // Then
      assertThat(read()).as("byte " + i).isInstanceOf(Found.Discarded.class);
    }
  }

  @Test
  void aPartOfItIsNoticed() throws IOException {
    // Given
    written();
    byte[] good = Files.readAllBytes(file());

    for (int length = 0; length < good.length; length++) {
      // When
      Files.write(file(), Arrays.copyOf(good, length));

      // Then
      assertThat(read()).as("length " + length).isInstanceOf(Found.Discarded.class);
    }
  }

  @Test
  void whatIsOfAnotherNodeOrServerIsDiscarded() throws IOException {
    // Given
    written();
    Path state = folder.resolve("state");
    Found foreign = new Found.Discarded("it is of another node, API server or boot");

    // When, Then
    assertThat(Checkpoint.read(state, "node-2", SERVER)).isEqualTo(foreign);
    assertThat(Checkpoint.read(state, "node-1", "https://10.0.0.2:6443")).isEqualTo(foreign);
  }

  @Test
  void whatAnotherVersionWroteIsDiscarded() throws IOException {
    // Given
    written();
    String text = Files.readString(file(), StandardCharsets.UTF_8);
    Files.writeString(file(), text.replace("taskstorage-api-state 2", "taskstorage-api-state 1"));

    // When, Then
    assertThat(read()).isEqualTo(new Found.Discarded("another version wrote it"));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
