package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStorageNodeState;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.policy.Acceptance;
import io.taskstorage.policy.AcceptanceInput;
import io.taskstorage.policy.AcceptedSet;
import io.taskstorage.policy.Verdict;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * This version in a cluster of a newer one: an informer goes on, whatever fields and words the
 * objects have that it does not know, and the engine refuses those objects and no others.
 *
 * <p>The newer definitions are of a group of their own, so that other tests keep theirs.
 */
@ApiServerTest
@ExtendWith(ServerParameter.class)
@NewestOnly
class InformerTest {
  private static final String NEWER = "newer.taskstorage.io";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SPEC = "/spec/versions/0/schema/openAPIV3Schema/properties/spec";
  private static final String STATUS = "/spec/versions/0/schema/openAPIV3Schema/properties/status";

  @Test
  void mapsOfANewerVersion(Server server, ApiServer cluster) {
    // Given
    ObjectNode odd =
        Corpus.changed(
            "map",
            "{metadata: {name: odd}, spec: {bpfName: odd, reclaimPolicy: Archive, novelty: x}}");
    // When
    List<NewerMap> seen =
        seen(
            server,
            cluster,
            NewerMap.class,
            newer("TaskStorageMap", "/properties/reclaimPolicy/enum", "Archive"),
            odd,
            Corpus.base("map"));
    // Then
    assertThat(Objects.requireNonNull(seen.getFirst().getSpec()).unknownFields())
        .containsExactly(Map.entry("novelty", "x"));
    AcceptedSet judged = Acceptance.of(AcceptanceInput.ofMaps(List.<TaskStorageMap>copyOf(seen)));
    assertThat(judged.maps().get("odd")).satisfies(InformerTest::isUnsupported);
    assertThat(judged.acceptedMaps()).containsOnlyKeys("tenant-ctx");
  }

  @Test
  void clusterPoliciesOfANewerVersion(Server server, ApiServer cluster) {
    // Given
    ObjectNode odd =
        Corpus.changed("host-policy", "{metadata: {name: odd}, spec: {tier: Crown, novelty: x}}");
    // When
    List<NewerClusterPolicy> seen =
        seen(
            server,
            cluster,
            NewerClusterPolicy.class,
            newer("ClusterTaskStoragePolicy", "/properties/tier/enum", "Crown"),
            odd,
            Corpus.base("host-policy"));
    // Then
    AcceptedSet judged = judged(List.copyOf(seen), List.of());
    assertThat(judged.policies().values()).first().satisfies(InformerTest::isTargetless);
    assertThat(judged.policies().values()).last().satisfies(InformerTest::isUnsupported);
  }

  @Test
  void policiesOfANewerVersion(Server server, ApiServer cluster) {
    // Given
    ObjectNode odd =
        Corpus.changed(
            "policy",
            "{metadata: {name: odd}, spec: {novelty: x, subject: {pods: {podSelector:"
                + " {matchExpressions: [{key: a, operator: Gt, values: ['1']}]}}}}}");
    // When
    List<NewerPolicy> seen =
        seen(
            server,
            cluster,
            NewerPolicy.class,
            newer(
                "TaskStoragePolicy",
                "/properties/subject/properties/pods/properties/podSelector/properties"
                    + "/matchExpressions/items/properties/operator/enum",
                "Gt"),
            odd,
            Corpus.base("policy"));
    // Then
    AcceptedSet judged = judged(List.of(), List.copyOf(seen));
    assertThat(judged.policies().values()).first().satisfies(InformerTest::isTargetless);
    assertThat(judged.policies().values()).last().satisfies(InformerTest::isUnsupported);
  }

  @Test
  void nodeStatesOfANewerAgent(Server server, ApiServer cluster) {
    // Given
    ObjectNode odd = Corpus.full("TaskStorageNodeState");
    ((ObjectNode) odd.path("metadata")).put("name", "odd");
    ((ObjectNode) odd.path("status")).put("novelty", "x");
    ((ObjectNode) odd.at("/status/maps/0")).put("state", "Dreaming").put("reason", "TooLate");
    Definition newer = Definition.of("TaskStorageNodeState").copy(NEWER);
    addNovelty(newer.crd().at(STATUS));
    // When
    List<NewerNodeState> seen =
        seen(
            server, cluster, NewerNodeState.class, newer, odd, Corpus.full("TaskStorageNodeState"));
    // Then
    NodeMap map =
        Objects.requireNonNull(Objects.requireNonNull(seen.getFirst().getStatus()).maps())
            .getFirst();
    assertThat(map.state()).isEqualTo("Dreaming");
    assertThat(Reason.ofWire(Objects.requireNonNull(map.reason()))).isEmpty();
  }

  /** The kind's newer definition: one word more, and one property more. */
  private static Definition newer(String kind, String words, String word) {
    Definition newer = Definition.of(kind).copy(NEWER);
    JsonNode spec = newer.crd().at(SPEC);
    addNovelty(spec);
    ((ArrayNode) spec.at(words)).add(word);
    return newer;
  }

  private static void addNovelty(JsonNode schema) {
    ((ObjectNode) schema.path("properties"))
        .set("novelty", Corpus.read("{type: string, maxLength: 8}"));
  }

  /**
   * What an informer has of two objects, the odd one first: it lists that one, sees it change, and
   * after it the ordinary one come into being.
   */
  private static <T extends HasMetadata> List<T> seen(
      Server server,
      ApiServer cluster,
      Class<T> type,
      Definition definition,
      ObjectNode odd,
      ObjectNode ordinary) {
    odd.put("apiVersion", NEWER + "/v1alpha1");
    ordinary.put("apiVersion", NEWER + "/v1alpha1");
    server.create(definition.crd()).taken();
    server.awaitServed(definition);
    store(server, odd);
    Config config = Config.fromKubeconfig(cluster.kubeconfig().toFile());
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
        SharedIndexInformer<T> informer = client.resources(type).inAnyNamespace().inform()) {
      await().atMost(PATIENCE).until(() -> informer.getStore().list().size() == 1);
      server.merge(odd, "{metadata: {labels: {changed: \"yes\"}}}").taken();
      store(server, ordinary);
      await()
          .atMost(PATIENCE)
          .until(() -> informer.getStore().list().stream().anyMatch(InformerTest::isChanged));
      await().atMost(PATIENCE).until(() -> informer.getStore().list().size() == 2);
      assertThat(informer.isWatching()).isTrue();
      return informer.getStore().list().stream()
          .sorted((one, other) -> Boolean.compare(isChanged(other), isChanged(one)))
          .toList();
    } finally {
      server.delete(definition.crd()).taken();
    }
  }

  private static void store(Server server, ObjectNode object) {
    if (object.has("spec")) {
      server.create(object).taken();
    } else {
      server.createWithStatus(object);
    }
  }

  private static boolean isChanged(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && labels.containsKey("changed");
  }

  private static AcceptedSet judged(
      List<ClusterTaskStoragePolicy> clusterPolicies, List<TaskStoragePolicy> policies) {
    return Acceptance.of(
        new AcceptanceInput(List.of(), clusterPolicies, policies, Map.of(), Map.of()));
  }

  private static void isUnsupported(Verdict<?> verdict) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.UNSUPPORTED_FIELD));
  }

  /** Nothing is wrong but that no map is given. */
  private static void isTargetless(Verdict<?> verdict) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.TARGET_NOT_FOUND));
  }

  /** Our type as the informer reads it, under the newer group. */
  @Group(NEWER)
  @Version(ApiGroup.VERSION)
  @Kind(TaskStorageMap.KIND)
  @Singular("taskstoragemap")
  @Plural("taskstoragemaps")
  public static final class NewerMap extends TaskStorageMap {
    private static final long serialVersionUID = 1;
  }

  /** Our type as the informer reads it, under the newer group. */
  @Group(NEWER)
  @Version(ApiGroup.VERSION)
  @Kind(ClusterTaskStoragePolicy.KIND)
  @Singular("clustertaskstoragepolicy")
  @Plural("clustertaskstoragepolicies")
  public static final class NewerClusterPolicy extends ClusterTaskStoragePolicy {
    private static final long serialVersionUID = 1;
  }

  /** Our type as the informer reads it, under the newer group. */
  @Group(NEWER)
  @Version(ApiGroup.VERSION)
  @Kind(TaskStoragePolicy.KIND)
  @Singular("taskstoragepolicy")
  @Plural("taskstoragepolicies")
  public static final class NewerPolicy extends TaskStoragePolicy {
    private static final long serialVersionUID = 1;
  }

  /** Our type as the informer reads it, under the newer group. */
  @Group(NEWER)
  @Version(ApiGroup.VERSION)
  @Kind(TaskStorageNodeState.KIND)
  @Singular("taskstoragenodestate")
  @Plural("taskstoragenodestates")
  public static final class NewerNodeState extends TaskStorageNodeState {
    private static final long serialVersionUID = 1;
  }
}
