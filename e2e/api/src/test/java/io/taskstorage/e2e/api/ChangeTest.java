package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which changes of a stored object the server takes. */
@ApiServerTest
@ExtendWith(ServerParameter.class)
class ChangeTest {

  private static final String VALUE_IS_IMMUTABLE =
      "spec.value: value is immutable: create a new TaskStorageMap with another name"
          + " and bpfName";

  @Test
  void bpfNameStays(Server server) {
    // Given
    JsonNode map = Corpus.base("map");
    server.create(map).taken();
    // When
    Answer answer = server.merge(map, "{spec: {bpfName: tenant_ctx2}}");
    // Then
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.sentences())
        .containsExactly("spec.bpfName: bpfName is immutable: create a new TaskStorageMap");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // In another order, the same fields are another struct.
        "fields: [{name: qos, type: U8}, {name: id, type: U64}, {name: hits, type: U32}]",
        "fields: [{name: id, type: U64}, {name: qos, type: U8}]",
        "fields: [{name: id, type: U64}, {name: qos, type: U8}, {name: hits, type: U32},"
            + " {name: more, type: U8}]",
        "fields: [{name: id, type: S64}, {name: qos, type: U8}, {name: hits, type: U32}]",
        "fields: [{name: id, type: U64}, {name: kos, type: U8}, {name: hits, type: U32}]",
        "fields: [{name: id, type: U64}, {name: qos, type: U8, length: 1},"
            + " {name: hits, type: U32}]",
        "fields: [{name: id, type: U64}, {name: qos, type: U8},"
            + " {name: hits, type: U32, owner: Program}]",
        "typeName: other"
      })
  void valueStays(String change, Server server) {
    // Given
    JsonNode map =
        Corpus.changed(
            "map",
            "{spec: {value: {fields: [{name: id, type: U64}, {name: qos, type: U8},"
                + " {name: hits, type: U32}]}}}");
    server.create(map).taken();
    // When
    Answer answer = server.merge(map, "{spec: {value: {" + change + "}}}");
    // Then
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.sentences()).containsExactly(VALUE_IS_IMMUTABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          map         | maxFailedNodes: 10%
          map         | reclaimPolicy: Retain
          map         | nodeSelector: {matchLabels: {a: b}}
          map         | allowedPolicies: {namespaces: {from: All}, fields: [qos]}
          host-policy | tier: Admin
          host-policy | priority: 1
          host-policy | subject: {hostProcesses: {systemdUnits: [cron.service]}}
          host-policy | subject: {hostProcesses: null, pods: {namespaceSelector: {}}}
          policy      | values: [{field: tenant_id, value: "1"}]
          policy      | targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: other}]
          """)
  void theRestMayChange(String base, String change, Server server) {
    // Given
    JsonNode object = Corpus.base(base);
    server.create(object).taken();
    // When
    Answer answer = server.merge(object, "{spec: {" + change + "}}");
    // Then
    assertThat(answer.taken().at("/metadata/generation").asInt()).isEqualTo(2);
  }

  @Test
  void whatAnOlderDefinitionTookMayStayUntilItIsChanged(Server server) {
    // Given a policy that was stored before priority had its bound.
    Definition today = Definition.of("TaskStoragePolicy").copy("ratchet.taskstorage.io");
    Definition before = new Definition(today.crd().deepCopy());
    ((ObjectNode) before.crd().at(PRIORITY)).put("maximum", 10_000);
    ObjectNode policy = Corpus.changed("policy", "{spec: {priority: 5000}}");
    policy.put("apiVersion", "ratchet.taskstorage.io/v1alpha1");
    try {
      server.create(before.crd()).taken();
      server.awaitServed(before);
      server.create(policy).taken();
      server.apply(today.crd(), "upgrade", true).taken();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> server.tryCreate(named(policy, "another")).isRefusal());
      // When
      Answer another = server.merge(policy, "{spec: {values: [{field: qos, value: \"6\"}]}}");
      Answer worse = server.merge(policy, "{spec: {priority: 6000}}");
      Answer better = server.merge(policy, "{spec: {priority: 600}}");
      // Then
      assertThat(another.taken().at("/spec/priority").asInt()).isEqualTo(5000);
      assertThat(worse.lines())
          .containsExactly(
              "spec.priority: Invalid value: 6000: spec.priority in body should be less than or"
                  + " equal to 1000");
      assertThat(better.taken().at("/spec/priority").asInt()).isEqualTo(600);
    } finally {
      server.delete(today.crd());
    }
  }

  @Test
  void immutablePartsBreakNoUpdateThatLeavesThemAlone(Server server) {
    // Given
    JsonNode map = Corpus.base("map");
    server.create(map).taken();
    JsonNode stored = server.mergeStatus(map, "{status: {observedGeneration: 1}}").taken();
    // When
    Answer answer = server.replace(stored);
    // Then
    assertThat(answer.resourceVersion()).isEqualTo(stored.at("/metadata/resourceVersion").asText());
    assertThat(answer.code()).isEqualTo(200);
  }

  private static final String PRIORITY =
      "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/priority";

  private static JsonNode named(ObjectNode object, String name) {
    ObjectNode copy = object.deepCopy();
    ((ObjectNode) copy.path("metadata")).put("name", name);
    return copy;
  }
}
