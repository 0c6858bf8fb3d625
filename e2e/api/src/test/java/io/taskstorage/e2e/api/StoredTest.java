package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.testkit.GoldenCases;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of an object when it is stored. */
@ApiServerTest
@ExtendWith(ServerParameter.class)
class StoredTest {

  private static final List<String> OF_THE_MOMENT =
      List.of("creationTimestamp", "managedFields", "resourceVersion", "uid");

  @TestFactory
  Stream<DynamicTest> defaults(Server server) {
    return GoldenCases.of(getClass())
        .tests(
            goldenCase -> {
              // Given
              JsonNode sent = Corpus.documents(goldenCase.path("sent.yaml")).getFirst();
              // When
              server.create(sent).taken();
              ObjectNode stored = (ObjectNode) server.get(sent).taken();
              // Then
              ((ObjectNode) stored.path("metadata")).remove(OF_THE_MOMENT);
              goldenCase.expect("stored.yaml", Corpus.yaml(stored));
            });
  }

  static Stream<Corpus.CaseFile> valid() {
    return Corpus.valid().stream();
  }

  @ParameterizedTest
  @MethodSource("valid")
  void whatWasSentStaysAsItWasAndApplyingItAgainWritesNothing(Corpus.CaseFile file, Server server) {
    for (Case c : file.cases()) {
      // Given an object that its controller has seen.
      server.apply(c.document(), "gitops").taken();
      Answer first = server.mergeStatus(c.document(), "{status: {observedGeneration: 1}}");
      // When
      Answer second = server.apply(c.document(), "gitops");
      // Then
      assertThat(second.resourceVersion()).as(c.name()).isEqualTo(first.resourceVersion());
      assertThat(first.warnings()).as(c.name()).isEmpty();
      assertContains(first.taken().path("spec"), c.spec(), c.name());
      server.delete(c.document()).taken();
    }
  }

  @Test
  void applyingAgainBeforeAControllerHasSeenItStoresTheDefaultOfTheStatusOnce(Server server) {
    // Given
    JsonNode map = Corpus.base("map");
    Answer first = server.apply(map, "gitops");
    // When
    Answer second = server.apply(map, "gitops");
    Answer third = server.apply(map, "gitops");
    // Then the server has dropped the status of the first and shows its default all the same.
    assertThat(first.taken().at("/status/observedGeneration").asInt()).isEqualTo(-1);
    assertThat(second.taken().path("status")).isEqualTo(first.taken().path("status"));
    assertThat(second.resourceVersion()).isNotEqualTo(first.resourceVersion());
    assertThat(third.resourceVersion()).isEqualTo(second.resourceVersion());
  }

  /** Everything sent is stored unchanged; only defaults may have come to it. */
  private static void assertContains(JsonNode stored, JsonNode sent, String where) {
    if (sent.isObject()) {
      sent.properties()
          .forEach(
              entry ->
                  assertContains(
                      stored.path(entry.getKey()), entry.getValue(), where + "." + entry.getKey()));
    } else {
      assertThat(stored).as(where).isEqualTo(sent);
    }
  }

  @Test
  void dropsWhatItDoesNotKnowWithAWarning(Server server) {
    // Given
    JsonNode map =
        Corpus.changed(
            "map",
            "{spec: {inheritance: Threads, value: {fields: [{name: a, type: U8, unit: ms}]},"
                + " nodeSelector: {matchFields: []}}}");
    // When
    Answer answer = server.create(map);
    // Then
    JsonNode spec = answer.taken().path("spec");
    assertThat(spec.has("inheritance")).isFalse();
    assertThat(spec.at("/value/fields/0").has("unit")).isFalse();
    assertThat(spec.at("/nodeSelector").isEmpty()).isTrue();
    assertThat(answer.warnings())
        .containsExactlyInAnyOrder(
            "299 - \"unknown field \\\"spec.inheritance\\\"\"",
            "299 - \"unknown field \\\"spec.nodeSelector.matchFields\\\"\"",
            "299 - \"unknown field \\\"spec.value.fields[0].unit\\\"\"");
  }

  @Test
  void refusesWhatItDoesNotKnowIfAsked(Server server) {
    // Given
    JsonNode policy = Corpus.changed("policy", "{spec: {suspend: true}}");
    // When
    Answer answer = server.tryCreate(policy);
    // Then
    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.lines())
        .containsExactly(
            "TaskStoragePolicy in version \"v1alpha1\" cannot be handled as a TaskStoragePolicy:"
                + " strict decoding error: unknown field \"spec.suspend\"");
  }

  @Test
  void statusIsNotTakenWithTheObject(Server server) {
    // Given
    JsonNode map = Corpus.changed("map", "{status: {pinPath: /tmp/x, observedGeneration: 7}}");
    // When
    JsonNode stored = server.create(map).taken();
    // Then
    assertThat(stored.at("/status").has("pinPath")).isFalse();
    assertThat(server.get(map).taken().at("/status/observedGeneration").asInt()).isEqualTo(-1);
  }

  @Test
  void statusIsNotWrittenThroughTheObjectNorTheObjectThroughItsStatus(Server server) {
    // Given
    JsonNode map = Corpus.base("map");
    server.create(map).taken();
    server.mergeStatus(map, "{status: {pinPath: /a, observedGeneration: 1}}").taken();
    // When
    JsonNode byObject =
        server.merge(map, "{status: {pinPath: /b}, spec: {maxFailedNodes: 3}}").taken();
    JsonNode byStatus =
        server
            .mergeStatus(
                map,
                "{metadata: {labels: {a: b}}, spec: {maxFailedNodes: 9}, status: {pinPath: /c}}")
            .taken();
    // Then
    assertThat(byObject.at("/status/pinPath").asText()).isEqualTo("/a");
    assertThat(byObject.at("/spec/maxFailedNodes").asInt()).isEqualTo(3);
    assertThat(byStatus.at("/status/pinPath").asText()).isEqualTo("/c");
    assertThat(byStatus.at("/spec/maxFailedNodes").asInt()).isEqualTo(3);
    assertThat(byStatus.at("/metadata").has("labels")).isFalse();
  }

  @Test
  void onlyTheSpecMovesTheGeneration(Server server) {
    // Given
    JsonNode policy = Corpus.base("policy");
    server.create(policy).taken();
    // When
    JsonNode labelled = server.merge(policy, "{metadata: {labels: {a: b}}}").taken();
    JsonNode reported = server.mergeStatus(policy, "{status: {observedGeneration: 1}}").taken();
    JsonNode changed = server.merge(policy, "{spec: {priority: 3}}").taken();
    // Then
    assertThat(labelled.at("/metadata/generation").asInt()).isEqualTo(1);
    assertThat(reported.at("/metadata/generation").asInt()).isEqualTo(1);
    assertThat(changed.at("/metadata/generation").asInt()).isEqualTo(2);
  }
}
