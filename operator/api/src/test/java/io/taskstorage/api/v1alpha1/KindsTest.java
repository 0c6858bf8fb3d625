package io.taskstorage.api.v1alpha1;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kinds as the Kubernetes client reads, writes and copies them. */
class KindsTest {

  private static final KubernetesSerialization CLIENT = new KubernetesSerialization();

  private static final Map<String, Class<? extends CustomResource<?, ?>>> TYPES =
      Map.of(
          TaskStorageMap.KIND, TaskStorageMap.class,
          ClusterTaskStoragePolicy.KIND, ClusterTaskStoragePolicy.class,
          TaskStoragePolicy.KIND, TaskStoragePolicy.class);

  static Stream<JsonNode> wellFormed() {
    return Documents.wellFormed().stream();
  }

  @ParameterizedTest
  @MethodSource("wellFormed")
  void keepWhatWasSentAndAddNothing(JsonNode document) throws Exception {
    // Given
    Class<? extends CustomResource<?, ?>> type = type(document);
    // When
    CustomResource<?, ?> read = CLIENT.unmarshal(document.toString(), type);
    // Then
    assertThat(new ObjectMapper().readTree(CLIENT.asJson(read))).isEqualTo(document);
    assertThat(CLIENT.clone(read)).isEqualTo(read);
  }

  @ParameterizedTest
  @MethodSource("wellFormed")
  void areTheSameFromAFileAndFromTheClient(JsonNode document) {
    // Given
    HasMetadata fromClient = CLIENT.unmarshal(document.toString(), type(document));
    // When
    HasMetadata fromFile =
        switch (Manifests.parse(document)) {
          case Manifest.OfMap(TaskStorageMap map) -> map;
          case Manifest.OfClusterPolicy(ClusterTaskStoragePolicy policy) -> policy;
          case Manifest.OfPolicy(TaskStoragePolicy policy) -> policy;
          case Manifest other -> throw new AssertionError(other);
        };
    // Then
    assertThat(CLIENT.asJson(fromFile)).isEqualTo(CLIENT.asJson(fromClient));
  }

  @Test
  void keepWhatANewerVersionSent() throws Exception {
    // Given
    String newer =
        """
        {"apiVersion":"taskstorage.io/v1alpha1","kind":"TaskStorageMap",
         "metadata":{"name":"a"},
         "spec":{"bpfName":"b","shards":4,
           "value":{"packed":true,"fields":[{"name":"c","unit":null}]},
           "nodeSelector":{"matchFields":[1]},"allowedPolicies":{"namespaces":{"names":["x"]}}},
         "status":{"observedGeneration":7,"epoch":9,"conditions":[
           {"type":"Ready","status":"Maybe","reason":"Aligned","severity":"Low"}]}}
        """;
    // When
    TaskStorageMap map = CLIENT.unmarshal(newer, TaskStorageMap.class);
    // Then
    TaskStorageMapSpec spec = map.getSpec();
    ValueStruct value = requireNonNull(spec.value());
    assertThat(spec.unknownFields()).isEqualTo(Map.of("shards", 4));
    assertThat(value.unknownFields()).isEqualTo(Map.of("packed", true));
    assertThat(requireNonNull(value.fields()).getFirst().unknownFields()).containsOnlyKeys("unit");
    assertThat(requireNonNull(spec.nodeSelector()).unknownFields())
        .isEqualTo(Map.of("matchFields", List.of(1)));
    AllowedPolicies allowed = requireNonNull(spec.allowedPolicies());
    assertThat(requireNonNull(allowed.namespaces()).unknownFields()).containsKey("names");
    assertThat(map.getStatus().observedGeneration()).isEqualTo(7);
    assertThat(requireNonNull(map.getStatus().conditions()).getFirst().reason())
        .isEqualTo("Aligned");
    JsonNode written = new ObjectMapper().readTree(CLIENT.asJson(map));
    assertThat(written.path("spec")).isEqualTo(new ObjectMapper().readTree(newer).path("spec"));
  }

  @Test
  void statusIsReadAndWritten() throws Exception {
    // Given
    String sent =
        """
        {"apiVersion":"taskstorage.io/v1alpha1","kind":"TaskStorageMap","metadata":{"name":"a"},
         "status":{"observedGeneration":3,"programmedGeneration":2,
          "conditions":[{"type":"Ready","status":"True","observedGeneration":3,
            "lastTransitionTime":"2026-01-01T00:00:00Z","reason":"Programmed","message":""}],
          "layout":{"sizeBytes":8,"alignmentBytes":8,"digest":"sha256:00",
            "fields":[{"name":"a","offsetBytes":0,"sizeBytes":8}]},
          "pinPath":"/sys/fs/bpf/taskstorage/a",
          "attachedPolicies":{"cluster":1,"namespaced":2},
          "nodes":{"desired":5,"programmed":4,"pending":0,"failed":1,"unavailable":0},
          "entries":{"pods":1,"containers":2,"tasks":30,"late":0,"failed":0},
          "failures":[{"reason":"ForeignPin","message":"m","nodes":1,"exampleNodes":["n"]}]}}
        """;
    // When
    TaskStorageMap map = CLIENT.unmarshal(sent, TaskStorageMap.class);
    // Then
    assertThat(new ObjectMapper().readTree(CLIENT.asJson(map)))
        .isEqualTo(new ObjectMapper().readTree(sent));
  }

  @Test
  void statusOfPoliciesIsReadAndWritten() throws Exception {
    // Given
    String sent =
        """
        {"apiVersion":"taskstorage.io/v1alpha1","kind":"TaskStoragePolicy",
         "metadata":{"name":"a","namespace":"b"},
         "status":{"observedGeneration":3,"programmedGeneration":3,"conditions":[],
          "nodes":{"expected":5,"programmed":4,"pending":0,"failed":1},
          "overriddenFields":["qos"],
          "failures":[{"reason":"MissingKey","message":"m","nodes":1,"exampleNodes":["n"],
            "field":"f","pods":1,"examplePod":"a/b"}]}}
        """;
    // When
    TaskStoragePolicy policy = CLIENT.unmarshal(sent, TaskStoragePolicy.class);
    // Then
    assertThat(new ObjectMapper().readTree(CLIENT.asJson(policy)))
        .isEqualTo(new ObjectMapper().readTree(sent));
  }

  @Test
  void statesOfNodesAreReadAndWritten() throws Exception {
    // Given
    String sent =
        """
        {"apiVersion":"taskstorage.io/v1alpha1","kind":"TaskStorageNodeState",
         "metadata":{"name":"node-7"},
         "status":{
          "agent":{"version":"0.1.0","kernelVersion":"6.8.0","bootID":"3f4a8a3e",
            "propagation":"InKernel","features":["TaskStorage"]},
          "maps":[{"name":"a","uid":"u","generation":3,"state":"Failed","reason":"ForeignPin",
            "entries":{"pods":1,"containers":2,"tasks":30,"late":0,"failed":0},
            "policies":["0f3c3f8e4000:7mo"],"omittedPolicies":2}],
          "omittedMaps":1,
          "failures":[{"policy":"shop/checkout","field":"f","reason":"MissingKey","pods":1,
            "examplePod":"shop/cart"}],
          "omittedFailures":4}}
        """;
    // When
    TaskStorageNodeState state = CLIENT.unmarshal(sent, TaskStorageNodeState.class);
    // Then
    assertThat(new ObjectMapper().readTree(CLIENT.asJson(state)))
        .isEqualTo(new ObjectMapper().readTree(sent));
  }

  @Test
  void statusOfANewerVersionBreaksNoReader() {
    // Given
    String newer =
        """
        {"apiVersion":"taskstorage.io/v1alpha1","kind":"%s","metadata":{"name":"a"},
         "spec":{"mode":"Fast"},
         "status":{"observedGeneration":9,"shards":[{"a":1}],"agent":{"propagation":"Telepathy",
            "build":{"commit":"c"}},
          "maps":[{"name":"m","state":"Migrating","priority":3,"entries":{"lost":1}}],
          "nodes":{"expected":1,"draining":2},"entries":{"lost":3},"layout":{"packed":true},
          "attachedPolicies":{"remote":1},"conditions":[{"type":"Aligned","severity":"Low"}],
          "failures":[{"reason":"Misaligned","zone":"z"}]}}
        """;
    List<Class<? extends CustomResource<?, ?>>> types =
        List.of(
            TaskStorageMap.class,
            ClusterTaskStoragePolicy.class,
            TaskStoragePolicy.class,
            TaskStorageNodeState.class);
    for (Class<? extends CustomResource<?, ?>> type : types) {
      // When
      CustomResource<?, ?> read = CLIENT.unmarshal(newer.formatted(type.getSimpleName()), type);
      // Then
      assertThat(read.getStatus()).as(type.getSimpleName()).isNotNull();
      assertThat(CLIENT.clone(read)).isEqualTo(read);
    }
    NodeStateStatus status =
        CLIENT
            .unmarshal(newer.formatted(TaskStorageNodeState.KIND), TaskStorageNodeState.class)
            .getStatus();
    assertThat(requireNonNull(status.agent()).propagation()).isEqualTo("Telepathy");
    assertThat(requireNonNull(status.maps()).getFirst().state()).isEqualTo("Migrating");
    assertThat(requireNonNull(status.failures()).getFirst().reason()).isEqualTo("Misaligned");
  }

  @Test
  void haveTheirNamesInTheApi() {
    // When
    List<String> names =
        Stream.of(
                new TaskStorageMap(),
                new ClusterTaskStoragePolicy(),
                new TaskStoragePolicy(),
                new TaskStorageNodeState())
            .map(KindsTest::names)
            .toList();
    // Then
    assertThat(names)
        .containsExactly(
            "taskstorage.io/v1alpha1 TaskStorageMap taskstoragemaps tsmap Cluster",
            "taskstorage.io/v1alpha1 ClusterTaskStoragePolicy clustertaskstoragepolicies"
                + " ctspolicy Cluster",
            "taskstorage.io/v1alpha1 TaskStoragePolicy taskstoragepolicies tspolicy Namespaced",
            "taskstorage.io/v1alpha1 TaskStorageNodeState taskstoragenodestates tsnode Cluster");
  }

  private static String names(CustomResource<?, ?> kind) {
    return "%s %s %s %s %s"
        .formatted(
            kind.getApiVersion(),
            kind.getKind(),
            kind.getPlural(),
            CustomResource.getShortNames(kind.getClass())[0],
            kind.getScope());
  }

  private static Class<? extends CustomResource<?, ?>> type(JsonNode document) {
    return requireNonNull(TYPES.get(document.path("kind").asText()));
  }
}
