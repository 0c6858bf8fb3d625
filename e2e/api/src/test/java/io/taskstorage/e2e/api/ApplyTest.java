package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Three managers and one object: who owns what under server-side apply. */
@ApiServerTest
@ExtendWith(ServerParameter.class)
class ApplyTest {

  /** A policy with nothing but its identity and this spec. */
  private static JsonNode part(String spec) {
    return Corpus.read(
        """
        apiVersion: taskstorage.io/v1alpha1
        kind: TaskStoragePolicy
        metadata: {name: checkout, namespace: default}
        spec: %s
        """
            .formatted(spec));
  }

  private static List<String> fields(JsonNode policy) {
    List<String> fields = new ArrayList<>();
    policy
        .at("/spec/values")
        .forEach(v -> fields.add(v.path("field").asText() + "=" + v.path("value").asText()));
    return fields;
  }

  @Test
  void valuesMergeByField(Server server) {
    // Given
    server.apply(Corpus.base("policy"), "a").taken();
    // When
    server.apply(part("{values: [{field: app, value: x}]}"), "b").taken();
    JsonNode three =
        server.apply(part("{values: [{field: tenant_id, value: \"9\"}]}"), "c").taken();
    JsonNode changed = server.apply(part("{values: [{field: app, value: z}]}"), "b").taken();
    JsonNode withdrawn = server.apply(part("{}"), "c").taken();
    // Then
    assertThat(fields(three)).containsExactly("qos=5", "app=x", "tenant_id=9");
    assertThat(fields(changed)).containsExactly("qos=5", "app=z", "tenant_id=9");
    assertThat(fields(withdrawn)).containsExactly("qos=5", "app=z");
  }

  @Test
  void aFieldOfAnotherIsAConflict(Server server) {
    // Given
    server.apply(Corpus.base("policy"), "a").taken();
    // When
    Answer answer = server.apply(part("{values: [{field: qos, value: \"9\"}]}"), "b");
    // Then
    assertThat(answer.code()).isEqualTo(409);
    assertThat(answer.lines())
        .containsExactly(".spec.values[field=\"qos\"].value: conflict with \"a\"");
    assertThat(server.apply(part("{values: [{field: qos, value: \"5\"}]}"), "b").code())
        .isEqualTo(200);
  }

  @Test
  void bothMembersOfAUnionFromTwoManagersAreRefused(Server server) {
    // Given
    server.apply(Corpus.base("policy"), "a").taken();
    // When
    Answer answer =
        server.apply(part("{values: [{field: qos, valueFrom: {cel: {expression: '1'}}}]}"), "b");
    // Then
    assertThat(answer.sentences())
        .containsExactly(
            "spec.values[0]: values must have exactly one of value and valueFrom"
                + " for each field");
  }

  @Test
  void aSecondTargetIsRefused(Server server) {
    // Given
    server.apply(Corpus.base("policy"), "a").taken();
    // When
    Answer answer =
        server.apply(
            part("{targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: other}]}"),
            "b");
    // Then
    assertThat(answer.lines()).hasSize(1);
    assertThat(answer.lines().getFirst())
        .startsWith("spec.targetRefs: Too many: 2: must have at most 1 item");
  }

  @Test
  void oneManagerReplacesItsTarget(Server server) {
    // Given
    JsonNode policy = Corpus.base("policy");
    server.apply(policy, "a").taken();
    JsonNode moved =
        Corpus.changed(
            "policy",
            "{spec: {targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: other}]}}");
    // When
    JsonNode stored = server.apply(moved, "a").taken();
    // Then
    assertThat(stored.at("/spec/targetRefs")).hasSize(1);
    assertThat(stored.at("/spec/targetRefs/0/name").asText()).isEqualTo("other");
  }

  @Test
  void namesOfContainersMergeAsASet(Server server) {
    // Given
    server.apply(Corpus.base("policy"), "a").taken();
    // When
    server.apply(part("{subject: {pods: {containerNames: [x, y]}}}"), "b").taken();
    JsonNode both = server.apply(part("{subject: {pods: {containerNames: [y, z]}}}"), "c").taken();
    JsonNode withdrawn = server.apply(part("{}"), "b").taken();
    // Then
    assertThat(both.at("/spec/subject/pods/containerNames").toString())
        .isEqualTo("[\"x\",\"y\",\"z\"]");
    assertThat(withdrawn.at("/spec/subject/pods/containerNames").toString())
        .isEqualTo("[\"y\",\"z\"]");
  }

  @Test
  void aSelectorHasOneOwner(Server server) {
    // Given
    server.apply(Corpus.changed("policy", SELECTS_WEB), "a").taken();
    // When
    Answer answer =
        server.apply(part("{subject: {pods: {podSelector: {matchLabels: {zone: one}}}}}"), "b");
    // Then
    assertThat(answer.code()).isEqualTo(409);
    assertThat(answer.lines())
        .containsExactly(".spec.subject.pods.podSelector: conflict with \"a\"");
  }

  private static final String SELECTS_WEB =
      "{spec: {subject: {pods: {podSelector: {matchLabels: {app: web}}}}}}";

  @Test
  void allowedFieldsOfAMapMergeAsASetAndItsStructHasOneOwner(Server server) {
    // Given
    server.apply(Corpus.base("map"), "a").taken();
    // When
    server.apply(map("{allowedPolicies: {fields: [qos]}}"), "b").taken();
    JsonNode both = server.apply(map("{allowedPolicies: {fields: [app]}}"), "c").taken();
    Answer struct = server.apply(map("{value: {fields: [{name: more, type: U8}]}}"), "b");
    // Then
    assertThat(both.at("/spec/allowedPolicies/fields").toString()).isEqualTo("[\"qos\",\"app\"]");
    assertThat(struct.lines()).containsExactly(".spec.value.fields: conflict with \"a\"");
  }

  private static JsonNode map(String spec) {
    return Corpus.read(
        """
        apiVersion: taskstorage.io/v1alpha1
        kind: TaskStorageMap
        metadata: {name: tenant-ctx}
        spec: %s
        """
            .formatted(spec));
  }
}
