package io.taskstorage.controller.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.controller.world.Scene;
import io.taskstorage.controller.world.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whoever reads a namespace learns from the statuses there nothing of other namespaces, of nodes
 * without its pods, of policies that are not its own, and of what values are.
 */
class SecrecyTest {
  private static final int WORLDS = Integer.getInteger("random.sequences", 500);
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final JsonMapper JSON = new JsonMapper();
  private static final String LABEL = "label-of-shop";
  private static final String OTHER_LABEL = "label-of-lab";
  private static final String VALUE = "137";

  /** What must not be read in namespace shop, whose pods run on node-1 and node-2. */
  private static final List<String> SECRETS =
      List.of("lab/", "node-3", "node-4", "tenant-identity", "admin-", LABEL, OTHER_LABEL, VALUE);

  private static final List<String> REASONS =
      List.of("MissingKey", "DoesNotFit", "EvaluationError", "UnsupportedField", "Unheard");

  @Test
  void statusOfANamespacedPolicyTellsNothingElse() throws JsonProcessingException {
    int failures = 0;
    for (int seed = 0; seed < WORLDS; seed++) {
      // Given
      Random random = new Random(seed);
      Scene scene = new Scene();
      scene.editPolicy("value: \"5\"", "value: \"" + VALUE + "\"");
      if (random.nextInt(4) == 0) {
        scene.addAdminPolicy("qos");
        scene.tokens(":4mo", ":7moz");
      }
      scene.nodes.forEach((name, node) -> stir(name, node, random));

      // When
      PolicyStatus status = status(scene);

      // Then
      String text = JSON.writeValueAsString(status);
      assertThat(SECRETS).as("seed %d: %s", seed, text).noneMatch(text::contains);
      failures += status.failures() == null ? 0 : status.failures().size();
    }
    assertThat(failures).as("failures that were told").isGreaterThan(WORLDS / 10);
  }

  private static PolicyStatus status(Scene scene) {
    World world = scene.world();
    Map<String, Map<String, String>> labels = new HashMap<>();
    labels.put("shop", Map.of("tenant", "yes", "tenant-id", LABEL));
    labels.put("lab", Map.of("tenant", "yes", "tenant-id", OTHER_LABEL));
    World labelled =
        new World(world.maps(), world.clusterPolicies(), world.policies(), labels, world.nodes());
    return Worlds.judge(labelled).status(scene.policy, Worlds.fleet(labelled), NOW);
  }

  private static void stir(String name, Scene.Node node, Random random) {
    node.ready = random.nextInt(10) > 0;
    node.agentReady = random.nextInt(10) > 0;
    if (random.nextInt(5) == 0) {
      node.state = NodeMap.FAILED;
      node.reason = "ForeignPin";
    }
    List<NodeFailure> failures = new ArrayList<>();
    for (String policy : List.of("shop/checkout", "lab/checkout", "tenant-identity")) {
      for (String namespace : List.of("shop", "lab")) {
        if (random.nextInt(2) == 0) {
          failures.add(
              new NodeFailure(
                  policy,
                  random.nextInt(6) == 0 ? null : "qos",
                  REASONS.get(random.nextInt(REASONS.size())),
                  1 + random.nextInt(9),
                  namespace + "/pod-on-" + name));
        }
      }
    }
    node.failures = failures;
  }
}
