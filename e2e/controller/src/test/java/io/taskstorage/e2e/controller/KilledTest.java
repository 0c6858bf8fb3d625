package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import io.taskstorage.testkit.cluster.FaultyProxy.Seen;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Wherever a controller is killed, the next one goes on: statuses are true, nothing told twice. */
@ApiServerTest
class KilledTest {

  /**
   * A request at which the controller is killed: whether it comes before anything is written, its
   * method, what its path has, and whether the server still takes it.
   */
  private enum Point {
    BEFORE_MAPS_ARE_LISTED(true, "GET", "/taskstoragemaps?", false),
    WHEN_MAPS_WERE_LISTED(true, "GET", "/taskstoragemaps?", true),
    BEFORE_CLUSTER_POLICIES_ARE_LISTED(true, "GET", "/clustertaskstoragepolicies?", false),
    BEFORE_POLICIES_ARE_LISTED(true, "GET", "v1alpha1/taskstoragepolicies?", false),
    BEFORE_NODES_ARE_LISTED(true, "GET", "/api/v1/nodes?", false),
    WHEN_NODES_WERE_LISTED(true, "GET", "/api/v1/nodes?", true),
    BEFORE_NODE_STATES_ARE_LISTED(true, "GET", "/taskstoragenodestates?", false),
    BEFORE_NAMESPACES_ARE_LISTED(true, "GET", "/api/v1/namespaces?", false),
    BEFORE_AGENTS_ARE_LISTED(true, "GET", "/taskstorage-system/pods?", false),
    BEFORE_A_MAP_IS_WATCHED(true, "GET", "/taskstoragemaps?.*watch=", false),
    BEFORE_PODS_ARE_ASKED_FOR(false, "GET", "/shop/pods?includeObject", false),
    WHEN_PODS_WERE_ASKED_FOR(false, "GET", "/shop/pods?includeObject", true),
    BEFORE_A_MAP_STATUS(false, "PUT", "/taskstoragemaps/", false),
    AFTER_A_MAP_STATUS(false, "PUT", "/taskstoragemaps/", true),
    BEFORE_A_CLUSTER_POLICY_STATUS(false, "PUT", "/clustertaskstoragepolicies/", false),
    AFTER_A_CLUSTER_POLICY_STATUS(false, "PUT", "/clustertaskstoragepolicies/", true),
    BEFORE_A_POLICY_STATUS(false, "PUT", "/shop/taskstoragepolicies/", false),
    AFTER_A_POLICY_STATUS(false, "PUT", "/shop/taskstoragepolicies/", true),
    BEFORE_AN_EVENT(false, "POST", "/events", false),
    AFTER_AN_EVENT(false, "POST", "/events", true),
    BEFORE_A_NODE_STATE(false, "POST", "/taskstoragenodestates", false),
    AFTER_A_NODE_STATE(false, "POST", "/taskstoragenodestates", true);

    private final boolean isAtStart;
    private final String method;
    private final String pattern;
    private final boolean passed;

    Point(boolean isAtStart, String method, String path, boolean passed) {
      this.isAtStart = isAtStart;
      this.passed = passed;
      this.method = method;
      this.pattern = ".*" + path.replace("?", "\\?") + ".*";
    }

    boolean isAt(Seen request) {
      return request.method().equals(method) && request.pathAndQuery().matches(pattern);
    }
  }

  @Test
  void atEveryPoint(ApiServer server) {
    try (Cluster cluster = Cluster.start(server, 3);
        History history = History.start(cluster.access(), cluster.objects())) {
      // Given
      Truth truth = new Truth(cluster.objects());
      cluster.createNamespace("shop");
      cluster.node(1).addPod("shop", "cart", Map.of());
      int nodes = 10;
      for (Point point : Point.values()) {
        // When
        change(cluster, point, ++nodes);
        try (TriedController killed = TriedController.alone(cluster)) {
          killed.proxy().fault(point::isAt, new Fault.Kill(point.passed));
          killed.start();
          await(point + " comes").atMost(Cluster.PATIENCE).until(killed.proxy()::isKilled);
        }
        // Then
        if (!point.isAtStart || point == Point.BEFORE_A_MAP_IS_WATCHED) {
          try (TriedController next = TriedController.alone(cluster).start()) {
            truth.awaitEverywhere();
            assertThat(next.writes().size()).as("writes after %s", point).isLessThan(40);
          }
        }
      }
      assertThat(Promise.of(history.events()).broken()).isEmpty();
      assertThat(toldTwice(cluster)).isEmpty();
    }
  }

  /** New objects for each point, so that everything about them is told once at most. */
  private static void change(Cluster cluster, Point point, int node) {
    cluster.deletePolicy("shop", "checkout");
    cluster.deleteClusterPolicy("tenants");
    cluster.deleteMap("ctx-a");
    cluster.apply(Cluster.map("ctx-a", "0"));
    cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 1));
    cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", 1));
    if (point.name().endsWith("NODE_STATE")) {
      cluster.simulator().addNode(Cluster.name(node), Map.of("pool", "tenants"));
    }
  }

  /** What the same object was told to be more than once, by its uid, its reason and its note. */
  private static Map<String, Integer> toldTwice(Cluster cluster) {
    Map<String, Integer> told = new TreeMap<>();
    JsonNode events = cluster.objects().get("/apis/events.k8s.io/v1/events").orElseThrow();
    for (JsonNode event : events.path("items")) {
      if (event.path("reportingController").asText().startsWith("taskstorage.io")) {
        String what =
            "%s %s: %s"
                .formatted(
                    event.at("/regarding/uid").asText(),
                    event.path("reason").asText(),
                    event.path("note").asText());
        told.merge(what, 1, Integer::sum);
      }
    }
    assertThat(told).as("events told at all").isNotEmpty();
    told.values().removeIf(times -> times == 1);
    return told;
  }
}
