package io.taskstorage.cli.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.api.manifest.ObjectKey;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files applied over what a cluster has. */
class ManifestSetTest {
  private static final ObjectKey ONE = new ObjectKey("TaskStorageMap", "one");
  private static final ObjectKey TWO = new ObjectKey("TaskStorageMap", "two");

  @Test
  void whatTheFilesDoNotMentionStays() {
    // When
    ManifestSet applied = read(map("one", "first", "U8")).over(read(map("two", "second", "U8")));

    // Then
    assertThat(applied.objects()).containsOnlyKeys(ONE, TWO);
    assertThat(applied.problems()).isEmpty();
  }

  @Test
  void whatAnApiServerDoesNotLetChangeStaysAndIsAProblem() {
    // Given
    ManifestSet cluster = read(map("one", "first", "U8"));

    // When
    ManifestSet applied = read(map("one", "other", "U16")).over(cluster);

    // Then
    assertThat(applied.objects()).isEqualTo(cluster.objects());
    assertThat(applied.problems())
        .extracting(Object::toString)
        .containsExactly(
            "standard input:5: TaskStorageMap one: spec.bpfName: is immutable: create a new"
                + " TaskStorageMap",
            "standard input:6: TaskStorageMap one: spec.value: is immutable: create a new"
                + " TaskStorageMap with another name and bpfName");
  }

  @Test
  void aProblemOfTheClusterCountsUntilTheFilesMendIt() {
    // Given
    ManifestSet cluster = read(map("one", "first", "U8") + "  nonsense: 1\n");

    // Then
    assertThat(read(map("two", "second", "U8")).over(cluster).problems()).hasSize(1);
    assertThat(read(map("one", "first", "U8")).over(cluster).problems()).isEmpty();
  }

  @Test
  void onlyWhatAnotherSetNamesIsKeptBeItNamedWrongly() {
    // Given
    ManifestSet cluster = read(map("one", "first", "U8") + "---\n" + map("two", "second", "U8"));

    // Then
    assertThat(cluster.onlyWhatIsIn(read(map("two", "second", "U8"))).objects())
        .containsOnlyKeys(TWO);
    assertThat(cluster.onlyWhatIsIn(read(map("one", "first", "U8") + "  nonsense: 1\n")).objects())
        .containsOnlyKeys(ONE);
  }

  @Test
  void ofTwoMapsTheOlderKeepsTheBpfName() {
    // Given
    String young = map("one", "same", "U8").replace("{name: one", "{name: one, " + at("10"));
    String old = map("two", "same", "U8").replace("{name: two", "{name: two, " + at("09"));
    String ageless = map("zero", "same", "U8");

    // Then
    assertThat(read(young + "---\n" + old + "---\n" + ageless).keptBpfNames())
        .isEqualTo(Map.of("two", "same"));
    assertThat(read(ageless + "---\n" + map("one", "same", "U8")).keptBpfNames())
        .isEqualTo(Map.of("one", "same"));
  }

  private static String at(String hour) {
    return "creationTimestamp: \"2026-01-01T%s:00:00Z\"".formatted(hour);
  }

  private static String map(String name, String bpfName, String type) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: TaskStorageMap
    metadata: {name: %s}
    spec:
      bpfName: %s
      value: {typeName: t, fields: [{name: f, type: %s}]}
    """
        .formatted(name, bpfName, type);
  }

  private static ManifestSet read(String text) {
    ManifestReader reader = new ManifestReader("test", "default");
    reader.read("-", false, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    return reader.set();
  }
}
