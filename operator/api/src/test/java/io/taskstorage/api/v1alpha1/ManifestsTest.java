package io.taskstorage.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.testkit.GoldenCases;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a document is, and everything that is wrong with its shape. */
class ManifestsTest {

  @TestFactory
  Stream<DynamicTest> parses() {
    return GoldenCases.of(getClass())
        .tests(
            table -> {
              // Given
              List<JsonNode> cases = Documents.of(table.path("cases.yaml"));
              // When
              String parsed =
                  cases.stream()
                      .map(c -> text(c.path("case").asText(), Manifests.parse(c.get("document"))))
                      .collect(Collectors.joining("\n"));
              // Then
              table.expect("manifests.txt", parsed);
            });
  }

  @Test
  void keepsWhatAPersonWritesInMetadataAndNothingElse() throws Exception {
    // Given
    JsonNode printed =
        Documents.YAML.readTree(
            """
            apiVersion: taskstorage.io/v1alpha1
            kind: TaskStorageMap
            metadata:
              name: a
              namespace: b
              labels: {c: d}
              annotations: {e: f}
              generation: 3
              uid: 0f3c3f8e-0000-4000-8000-000000000002
              resourceVersion: "17"
              creationTimestamp: "2026-01-01T00:00:00Z"
              managedFields: [{manager: kubectl}]
            status: {anything: [1, 2]}
            """);
    // When
    Manifest manifest = Manifests.parse(printed);
    // Then
    assertThat(manifest).isInstanceOf(Manifest.OfMap.class);
    TaskStorageMap map = ((Manifest.OfMap) manifest).map();
    assertThat(map.getMetadata().getName()).isEqualTo("a");
    assertThat(map.getMetadata().getNamespace()).isEqualTo("b");
    assertThat(map.getMetadata().getLabels()).isEqualTo(Map.of("c", "d"));
    assertThat(map.getMetadata().getAnnotations()).isEqualTo(Map.of("e", "f"));
    assertThat(map.getMetadata().getGeneration()).isNull();
    assertThat(map.getMetadata().getUid()).isNull();
    assertThat(map.getStatus()).isNull();
  }

  @Test
  void takesNullForAbsent() throws Exception {
    // Given
    JsonNode document =
        Documents.YAML.readTree(
            """
            apiVersion: taskstorage.io/v1alpha1
            kind: TaskStorageMap
            metadata: {name: a, labels: null}
            spec: {bpfName: b, value: null, nodeSelector: null, maxFailedNodes: null}
            """);
    // When
    Manifest manifest = Manifests.parse(document);
    // Then
    assertThat(((Manifest.OfMap) manifest).map().getSpec())
        .isEqualTo(new TaskStorageMapSpec("b", null, null, null, null, null, Map.of()));
  }

  @Test
  void takesAMissingDocumentForAnEmptyOne() {
    // When
    Manifest manifest = Manifests.parse(MissingNode.getInstance());
    // Then
    assertThat(manifest).isEqualTo(Manifests.parse(Documents.YAML.nullNode()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -0.5})
  void takesNoNumberThatIsNotWhole(double number) throws Exception {
    // Given
    ObjectNode document =
        (ObjectNode)
            Documents.YAML.readTree(
                "{apiVersion: taskstorage.io/v1alpha1, kind: TaskStoragePolicy,"
                    + " metadata: {name: a}, spec: {}}");
    ((ObjectNode) document.path("spec")).put("priority", number);
    // When
    Manifest manifest = Manifests.parse(document);
    // Then
    assertThat(((Manifest.Broken) manifest).problems())
        .extracting(ManifestProblem::toString)
        .containsExactly("spec.priority: must be a whole number: write it without a fraction");
  }

  private static String text(String name, Manifest manifest) {
    return name
        + "\n"
        + switch (manifest) {
          case Manifest.OfMap(TaskStorageMap map) -> typed(map);
          case Manifest.OfClusterPolicy(ClusterTaskStoragePolicy policy) -> typed(policy);
          case Manifest.OfPolicy(TaskStoragePolicy policy) -> typed(policy);
          case Manifest.Foreign(String apiVersion, String kind) ->
              "  foreign: " + apiVersion + ", " + (kind.isEmpty() ? "no kind" : kind) + "\n";
          case Manifest.Broken(String kind, var object, var problems) ->
              "  broken: %s, %s\n"
                      .formatted(kind.isEmpty() ? "no kind" : kind, object.orElse("no name"))
                  + problems.stream().map(p -> "  " + p + "\n").collect(Collectors.joining());
        };
  }

  private static String typed(HasMetadata object) {
    return "  well-formed: %s, %s\n".formatted(object.getKind(), object.getMetadata().getName());
  }
}
