package io.taskstorage.api.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Two objects never meet in one key, whatever a file calls them. */
class ObjectKeyTest {

  /** Together they can spell each other. */
  private static final List<String> HOSTILE =
      List.of("", "a", "b", "a/b", "b/a", "/", "a/", "/a", " ", "a b", "a\n", "null");

  @Test
  void keysDiffer() {
    // Given
    List<ObjectKey> keys = new ArrayList<>();
    for (String kind : HOSTILE) {
      for (String namespace : HOSTILE) {
        HOSTILE.forEach(name -> keys.add(new ObjectKey(kind, namespace, name)));
      }
    }
    // Then
    assertThat(new TreeSet<>(keys)).hasSameSizeAs(keys);
    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void refusedObjectsOfTwoNamespacesHaveTheirOwnKeys() {
    // Given
    String text =
        """
        {apiVersion: taskstorage.io/v1alpha1, kind: TaskStoragePolicy, x: 1, \
        metadata: {name: web, namespace: shop}}
        ---
        {apiVersion: taskstorage.io/v1alpha1, kind: TaskStoragePolicy, x: 1, \
        metadata: {name: web, namespace: lab}}
        ---
        {apiVersion: taskstorage.io/v1alpha1, kind: TaskStorageMap, x: 1, \
        metadata: {name: web, namespace: lab}}
        """;
    // When
    ManifestText read =
        ManifestText.of(
            "a.yaml", text.getBytes(StandardCharsets.UTF_8), 1_000, Parts.NONE, _ -> {});
    // Then
    assertThat(read)
        .isInstanceOfSatisfying(
            ManifestText.Documented.class,
            documented ->
                assertThat(documented.refused())
                    .extracting(refused -> refused.key().orElseThrow())
                    .containsExactly(
                        new ObjectKey(TaskStoragePolicy.KIND, "shop", "web"),
                        new ObjectKey(TaskStoragePolicy.KIND, "lab", "web"),
                        new ObjectKey("TaskStorageMap", "web")));
  }
}
