package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.controller.cluster.Leadership;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import io.taskstorage.testkit.cluster.FaultyProxy.Seen;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Wherever a controller is killed, the next one takes the Lease and goes on: statuses are true,
 * nothing is told twice, nobody hurries.
 */
@ApiServerTest
class KilledTest {
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/%s/leases/%s"
          .formatted(Cluster.NAMESPACE, Leadership.LEASE);
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** What {@link #change} makes. */
  private static final Map<String, Integer> OBJECTS =
      Map.of("taskstoragemaps", 1, "clustertaskstoragepolicies", 1, "taskstoragepolicies", 1);

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
    AFTER_A_NODE_STATE(false, "POST", "/taskstoragenodestates", true),
    BEFORE_THE_LEASE(true, "(PUT|PATCH|POST)", "/leases", false),
    AFTER_THE_LEASE(true, "(PUT|PATCH|POST)", "/leases", true);

    /** What comes before anything is written: the one that is killed need not write. */
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
      return request.method().matches(method) && request.pathAndQuery().matches(pattern);
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
      List<Knowledge> writers = new ArrayList<>();
      int nodes = 10;
      for (Point point : Point.values()) {
        // When
        change(cluster, point, ++nodes);
        try (TriedController killed = TriedController.elected(cluster, "killed at " + point)) {
          writers.add(killed.knowledge());
          killed.proxy().fault(point::isAt, new Fault.Kill(point.passed));
          killed.start();
          await(point + " comes").atMost(Cluster.PATIENCE).until(killed.proxy()::isKilled);
        }
        if (!point.isAtStart || point == Point.AFTER_THE_LEASE) {
          assertThat(holder(cluster)).isEqualTo("killed at " + point);
        } else if (point == Point.BEFORE_THE_LEASE) {
          assertThat(holder(cluster)).isNotEqualTo("killed at " + point);
        }
        expire(cluster);
        // Then
        long begin = System.nanoTime();
        try (TriedController next = TriedController.elected(cluster, "next to " + point)) {
          writers.add(next.knowledge());
          next.start().awaitWriting();
          truth.awaitEverywhere();
          assertThat(holder(cluster)).isEqualTo("next to " + point);
          Requests.assertBounded(
              next.proxy().seen(),
              Duration.ofNanos(System.nanoTime() - begin),
              OBJECTS,
              cluster.simulator().nodes().size());
        }
      }
      assertThat(Promise.of(history.complete(), writers).broken()).isEmpty();
      assertThat(toldTwice(cluster)).isEmpty();
    }
  }

  /** Who holds the Lease; empty if nobody does. */
  private static String holder(Cluster cluster) {
    return cluster
        .objects()
        .get(LEASE)
        .map(lease -> lease.at("/spec/holderIdentity").asText(""))
        .orElse("");
  }

  /** What is renewed no longer has expired fifteen seconds later: that time passes at once. */
  private static void expire(Cluster cluster) {
    if (!holder(cluster).isEmpty()) {
      ObjectNode patch = new JsonMapper().createObjectNode();
      patch.putObject("spec").put("renewTime", MICRO_TIME.format(Instant.now().minusSeconds(60)));
      cluster.objects().merge(LEASE, patch);
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
