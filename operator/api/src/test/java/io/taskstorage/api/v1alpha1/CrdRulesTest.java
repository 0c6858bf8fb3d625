package io.taskstorage.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every definition under {@code crds/}. */
class CrdRulesTest {

  private static final int MAX_BYTES = 64 * 1024;

  static Stream<String> kinds() {
    return Crds.kinds();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isSmall(String kind) throws IOException {
    assertThat(Files.size(Crds.FOLDER.resolve(String.valueOf(Crds.FILES.get(kind)))))
        .isLessThan(MAX_BYTES);
  }

  @Test
  void areAllInTheKustomization() throws IOException {
    // Given
    JsonNode kustomization =
        Documents.YAML.readTree(Files.readString(Crds.FOLDER.resolve("kustomization.yaml")));
    // Then
    assertThat(Crds.texts(kustomization.path("resources")))
        .containsExactlyInAnyOrderElementsOf(Crds.FILES.values());
    try (Stream<?> files = Files.list(Crds.FOLDER)) {
      assertThat(files).hasSize(Crds.FILES.size() + 1);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void boundsEverything(String kind) {
    assertThat(
            Crds.problems(
                kind,
                (path, schema) ->
                    switch (schema.path("type").asText()) {
                      case "string" ->
                          schema.has("maxLength")
                                  || schema.has("enum")
                                  || schema.has("format")
                                  || path.equals(".apiVersion")
                                  || path.equals(".kind")
                              ? List.of()
                              : List.of("no maxLength");
                      case "integer" ->
                          schema.has("minimum") && schema.has("format")
                              ? List.of()
                              : List.of("no minimum or format");
                      case "array" ->
                          schema.has("maxItems") && schema.has("x-kubernetes-list-type")
                              ? List.of()
                              : List.of("no maxItems or list type");
                      case "object" ->
                          schema.has("additionalProperties") && !schema.has("maxProperties")
                              ? List.of("no maxProperties")
                              : List.of();
                      default ->
                          schema.path("x-kubernetes-int-or-string").asBoolean()
                              ? List.of()
                              : List.of("no type");
                    }))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void hasNoDefaultInsideAListAndNothingNullable(String kind) {
    assertThat(
            Crds.problems(
                kind,
                (path, schema) ->
                    (path.contains("[]") && schema.has("default")) || schema.has("nullable")
                        ? List.of("a default that deployment tools would show as a difference")
                        : List.of()))
        .isEmpty();
  }

  @Test
  void selectsAlikeEverywhere() {
    // Given
    Set<JsonNode> selectors = new HashSet<>();
    Set<String> paths = new TreeSet<>();
    // When
    kinds()
        .forEach(
            kind ->
                Crds.walk(
                    Crds.schema(kind),
                    kind,
                    (path, schema) -> {
                      if (path.matches(".*[sS]elector")) {
                        paths.add(path);
                        selectors.add(without(schema, "description", "default"));
                      }
                    }));
    // Then
    assertThat(selectors).hasSize(1);
    assertThat(paths)
        .containsExactly(
            "ClusterTaskStoragePolicy.spec.subject.hostProcesses.nodeSelector",
            "ClusterTaskStoragePolicy.spec.subject.pods.namespaceSelector",
            "ClusterTaskStoragePolicy.spec.subject.pods.podSelector",
            "TaskStorageMap.spec.allowedPolicies.namespaces.selector",
            "TaskStorageMap.spec.nodeSelector",
            "TaskStoragePolicy.spec.subject.pods.podSelector");
  }

  @Test
  void sayTheSameOfBothKindsOfPolicy() {
    // Given
    JsonNode cluster = Crds.schema(ClusterTaskStoragePolicy.KIND).path("properties");
    JsonNode namespaced = Crds.schema(TaskStoragePolicy.KIND).path("properties");
    // Then
    for (String same :
        List.of(
            "/spec/properties/targetRefs",
            "/spec/properties/values",
            "/spec/properties/subject/properties/pods/properties/containerNames",
            "/status")) {
      assertThat(cluster.at(same)).as(same).isEqualTo(namespaced.at(same));
      assertThat(cluster.at(same).isMissingNode()).as(same).isFalse();
    }
  }

  @Test
  void judgeNamesOfStructAndFieldsAlike() {
    // Given
    JsonNode value = Crds.schema(TaskStorageMap.KIND).at("/properties/spec/properties/value");
    // When
    String ofType = rules(value.at("/properties/typeName"), "typeName");
    String ofField = rules(value.at("/properties/fields/items/properties/name"), "name");
    // Then
    assertThat(ofType).isEqualTo(ofField).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isPendingUntilSomebodyHasSeenIt(String kind) {
    // Given
    JsonNode status = Crds.schema(kind).at("/properties/status");
    boolean judged = !kind.equals(TaskStorageNodeState.KIND);
    // Then
    assertThat(status.has("default")).isEqualTo(judged);
    if (judged) {
      assertThat(status.at("/default/observedGeneration").asInt()).isEqualTo(-1);
      assertThat(status.at("/default/conditions").toString())
          .isEqualTo(
              "[{\"type\":\"Ready\",\"status\":\"Unknown\",\"reason\":\"Pending\","
                  + "\"message\":\"waiting for the controller\","
                  + "\"lastTransitionTime\":\"1970-01-01T00:00:00Z\"}]");
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void findsConditionsByTypeAndNeverByPlace(String kind) {
    for (JsonNode column : Crds.version(Crds.of(kind)).path("additionalPrinterColumns")) {
      assertThat(column.path("jsonPath").asText()).doesNotContain("conditions[0]");
    }
  }

  @Test
  void leavesTheWordsOfAStatusOpen() {
    // Given
    List<String> closed = new ArrayList<>();
    // When
    kinds()
        .forEach(
            kind ->
                Crds.walk(
                    Crds.schema(kind),
                    "",
                    (path, schema) -> {
                      if (path.startsWith(".status") && schema.has("enum")) {
                        closed.add(path);
                      }
                    }));
    // Then
    assertThat(closed).containsOnly(".status.conditions[].status");
  }

  private static JsonNode without(JsonNode schema, String... names) {
    ObjectNode copy = schema.deepCopy();
    copy.remove(List.of(names));
    return copy;
  }

  private static String rules(JsonNode schema, String name) {
    return schema.path("x-kubernetes-validations").toString().replace(name + " must", "must");
  }
}
