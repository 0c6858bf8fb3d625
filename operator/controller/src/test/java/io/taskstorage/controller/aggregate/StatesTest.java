package io.taskstorage.controller.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.TaskStorageMapStatus;
import io.taskstorage.controller.world.Scene;
import io.taskstorage.controller.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The status of each kind in each situation, as whole objects under {@code states/}: whoever judges
 * health, by Lua or kstatus, judges these files too. {@code -Dgolden.update=true} rewrites them.
 */
class StatesTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String MAP = "map";
  private static final String CLUSTER = "clusterpolicy";
  private static final String POLICY = "policy";
  private static final String PENDING = "pending";
  private static final Set<String> ALL = Set.of(MAP, CLUSTER, POLICY);
  private static final Set<String> POLICIES = Set.of(CLUSTER, POLICY);

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  private static final String TWO_VALUES =
      "{field: qos, value: \"5\"}\n  - {field: tenant_id, value: \"6\"}";

  /** A situation, the kinds that can be in it, and how the scene gets there. */
  private record Situation(String name, Set<String> kinds, Consumer<Scene> change) {}

  private static final List<Situation> SITUATIONS =
      List.of(
          new Situation(PENDING, ALL, scene -> {}),
          new Situation("programmed", ALL, scene -> {}),
          new Situation("rolling-out", ALL, StatesTest::rollOut),
          new Situation("joined-later", ALL, StatesTest::joinLater),
          new Situation(
              "unavailable",
              ALL,
              scene -> {
                scene.node(1).ready = false;
                scene.node(1).reports = false;
                scene.node(3).agentReady = false;
              }),
          new Situation(
              "no-agents",
              ALL,
              scene -> scene.nodes.values().forEach(node -> node.agentReady = false)),
          new Situation(
              "no-match",
              Set.of(MAP),
              scene -> scene.nodes.values().forEach(node -> node.pool = "system")),
          new Situation("no-match", POLICIES, scene -> scene.tokens(":4", ":7")),
          new Situation(
              "nodes-failed",
              ALL,
              scene -> {
                fail(scene, 1, "KernelUnsupported");
                fail(scene, 2, "ForeignPin");
                fail(scene, 4, "ForeignPin");
              }),
          new Situation(
              "some-nodes-failed",
              ALL,
              scene -> {
                scene.editMap("bpfName:", "maxFailedNodes: 50%\n  bpfName:");
                fail(scene, 1, "SomethingNewer");
              }),
          new Situation("agents-refuse", POLICIES, StatesTest::refuseOnANode),
          new Situation(
              "invalid",
              Set.of(MAP),
              scene -> scene.editMap("bpfName: tenant_ctx", "bpfName: tenant.ctx")),
          new Situation(
              "invalid",
              POLICIES,
              scene -> {
                scene.editCluster("value: \"1\"", "value: \"256\"");
                scene.editPolicy("field: qos", "field: quality");
              }),
          new Situation(
              "unsupported-field",
              Set.of(MAP),
              scene -> scene.editMap("bpfName:", "newerThanThis: 1\n  bpfName:")),
          new Situation(
              "unsupported-field",
              POLICIES,
              scene -> {
                scene.editCluster("tier:", "newerThanThis: 1\n  tier:");
                scene.editPolicy("targetRefs:", "newerThanThis: 1\n  targetRefs:");
              }),
          new Situation(
              "bpf-name-conflict",
              Set.of(MAP),
              scene -> scene.addMap("other-ctx", "tenant_ctx", "2025-12-31T00:00:00Z")),
          new Situation("target-missing", POLICIES, scene -> scene.hasMap = false),
          new Situation(
              "not-allowed",
              Set.of(POLICY),
              scene -> scene.editMap("fields: [tenant_id, qos]", "fields: [tenant_id]")),
          new Situation(
              "partly-overridden",
              POLICIES,
              scene -> {
                scene.addAdminPolicy("qos");
                scene.tokens(":4mo", ":7m");
                scene.editPolicy("{field: qos, value: \"5\"}", TWO_VALUES);
                scene.node(2).policyToken = scene.node(2).policyToken + "o";
              }),
          new Situation(
              "overridden",
              POLICIES,
              scene -> {
                scene.addAdminPolicy("qos");
                scene.addAdminPolicy("tenant_id");
                scene.tokens(":4moz", ":7moz");
              }),
          new Situation("zero-values", POLICIES, StatesTest::failEvaluation));

  @TestFactory
  Stream<DynamicTest> everyKindInEverySituation() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Situation situation : SITUATIONS) {
      for (String kind : new TreeSet<>(situation.kinds())) {
        String file = kind + "-" + situation.name() + ".yaml";
        tests.add(DynamicTest.dynamicTest(file, () -> expect(file, object(situation, kind))));
      }
    }
    return tests.stream();
  }

  @Test
  void folderHoldsNothingElse() throws IOException {
    // Given
    Set<String> known = new TreeSet<>();
    for (Situation situation : SITUATIONS) {
      situation.kinds().forEach(kind -> known.add(kind + "-" + situation.name() + ".yaml"));
    }
    // When
    try (Stream<Path> files = Files.list(folder())) {
      // Then
      assertThat(files.map(file -> file.getFileName().toString())).hasSameElementsAs(known);
    }
  }

  private static HasMetadata object(Situation situation, String kind) {
    Scene scene = new Scene();
    situation.change().accept(scene);
    if (situation.name().equals(PENDING)) {
      return pending(scene, kind);
    }
    World world = scene.world();
    Judgement judgement = Worlds.judge(world);
    Fleet fleet = Worlds.fleet(world);
    return switch (kind) {
      case MAP -> with(scene.map, judgement.status(scene.map, fleet, NOW));
      case CLUSTER -> with(scene.cluster, judgement.status(scene.cluster, fleet, NOW));
      default -> with(scene.policy, judgement.status(scene.policy, fleet, NOW));
    };
  }

  /** As the API server shows it before the controller has seen it: what the definition defaults. */
  private static HasMetadata pending(Scene scene, String kind) {
    return switch (kind) {
      case MAP -> with(scene.map, unseen("taskstoragemaps", TaskStorageMapStatus.class));
      case CLUSTER -> with(scene.cluster, unseen("clustertaskstoragepolicies", PolicyStatus.class));
      default -> with(scene.policy, unseen("taskstoragepolicies", PolicyStatus.class));
    };
  }

  private static <S> HasMetadata with(CustomResource<?, S> object, S status) {
    object.setStatus(status);
    return object;
  }

  private static <T> T unseen(String plural, Class<T> type) {
    Path file = Path.of(System.getProperty("root.dir"), "crds", plural + ".yaml");
    try {
      JsonNode schema = YAML.readTree(file.toFile()).at("/spec/versions/0/schema/openAPIV3Schema");
      return YAML.treeToValue(schema.at("/properties/status/default"), type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void rollOut(Scene scene) {
    scene.node(1).clusterToken = "1f3c3f8e0000:3m";
    scene.node(1).policyToken = "ffffffffffff:7m";
    scene.node(2).mapGeneration = 2;
    scene.node(3).state = NodeMap.REMOVING;
    scene.node(4).reports = false;
  }

  /** Everything was done once, and then a node came. */
  private static void joinLater(Scene scene) {
    World world = scene.world();
    Judgement judgement = Worlds.judge(world);
    Fleet fleet = Worlds.fleet(world);
    Instant earlier = NOW.minusSeconds(3600);
    scene.map.setStatus(judgement.status(scene.map, fleet, earlier));
    scene.cluster.setStatus(judgement.status(scene.cluster, fleet, earlier));
    scene.policy.setStatus(judgement.status(scene.policy, fleet, earlier));
    scene.node(5).reports = false;
    scene.node(5).namespaces = Set.of("shop");
  }

  private static void fail(Scene scene, int node, String reason) {
    scene.node(node).state = reason.equals("ForeignPin") ? "Puzzled" : NodeMap.FAILED;
    scene.node(node).reason = reason;
  }

  private static void refuseOnANode(Scene scene) {
    scene.tokens(":4", ":7");
    scene.node(2).failures =
        List.of(
            new NodeFailure("tenant-identity", null, "UnsupportedField", null, null),
            new NodeFailure("shop/checkout", null, "UnsupportedField", null, null));
  }

  private static void failEvaluation(Scene scene) {
    scene.tokens(":4me", ":7me");
    scene.node(1).failures =
        List.of(
            new NodeFailure("tenant-identity", "tenant_id", "MissingKey", 3, "lab/cart-1"),
            new NodeFailure("shop/checkout", "qos", "DoesNotFit", 1, "lab/cart-1"));
    scene.node(2).failures =
        List.of(
            new NodeFailure("tenant-identity", "tenant_id", "MissingKey", 2, "shop/front-1"),
            new NodeFailure("tenant-identity", "qos", "EvaluationError", 1, "shop/front-1"),
            new NodeFailure("shop/checkout", "qos", "DoesNotFit", 4, "shop/front-1"),
            new NodeFailure("other", "qos", "DoesNotFit", 9, "shop/front-1"));
  }

  private static Path folder() {
    return Path.of(System.getProperty("basedir", ""), "src", "test", "resources", "states")
        .toAbsolutePath();
  }

  private static void expect(String file, HasMetadata object) throws IOException {
    Path path = folder().resolve(file);
    String actual = text(object);
    if (Boolean.getBoolean("golden.update") && !"true".equals(System.getenv("CI"))) {
      Files.createDirectories(folder());
      Files.writeString(path, actual);
    }
    assertThat(actual)
        .as("%s (-Dgolden.update=true rewrites it)", file)
        .isEqualTo(Files.readString(path));
  }

  private static String text(HasMetadata object) throws JsonProcessingException {
    ObjectNode tree = YAML.valueToTree(object);
    Map<String, Object> ordered = new LinkedHashMap<>();
    for (String part : List.of("apiVersion", "kind", "metadata", "spec", "status")) {
      ordered.put(part, tree.get(part));
    }
    return YAML.writeValueAsString(ordered);
  }
}
