package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.e2e.controller.Promise.Findings;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Statuses are true, whatever happens to nodes, agents, pods, objects and the controller. */
@ApiServerTest
class StatusTruthTest {
  private static final int NODES = 12;
  private static final int ROUNDS = Integer.getInteger("truth.rounds", 4);
  private static final int EVENTS = 15;
  private static final long SEED = Long.getLong("truth.seed", 42L);

  @Test
  void statusesAreTrueAndKeepTheirPromiseWhateverHappens(ApiServer server) {
    List<String> told = new ArrayList<>();
    try (Cluster cluster = Cluster.start(server, NODES);
        History history = History.start(cluster.access(), cluster.objects())) {
      // Given
      Truth truth = new Truth(cluster.objects());
      Chance chance = new Chance(cluster, SEED, NODES);
      chance.begin();
      TriedController controller = TriedController.alone(cluster).start();
      try {
        // Three objects come into force, whatever chance brings later.
        truth.awaitEverywhere();
        for (int round = 0; round < ROUNDS; round++) {
          // When
          for (int i = 0; i < EVENTS; i++) {
            told.add(chance.next());
          }
          if (round % 2 == 1) {
            told.add("the controller is another one");
            controller.close();
            controller = TriedController.alone(cluster).start();
          }
          chance.settle();
          // Then
          try {
            truth.awaitEverywhere();
          } catch (RuntimeException e) {
            throw new AssertionError("seed %d: %s".formatted(SEED, told), e);
          }
        }
      } finally {
        controller.close();
      }
      Findings findings = Promise.of(history.events());
      assertThat(findings.broken()).as("seed %d: %s", SEED, told).isEmpty();
      assertThat(findings.checked()).as("generations that came into force").isGreaterThan(2);
    }
  }

  @Test
  void aChangeIsWrittenOnceByEachNodeThatItConcernsAndANodeThatJoinsIsPending(ApiServer server) {
    try (Cluster cluster = Cluster.start(server, 6);
        History history = History.start(cluster.access(), cluster.objects());
        TriedController controller = TriedController.alone(cluster).start()) {
      // Given
      Truth truth = new Truth(cluster.objects());
      cluster.createNamespace("shop");
      cluster.node(1).addPod("shop", "cart", Map.of());
      cluster.node(2).addPod("shop", "till", Map.of());
      cluster.apply(Cluster.map("ctx-a", "0"));
      cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 1));
      cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", 1));
      truth.awaitEverywhere();
      awaitReady(truth, "TaskStoragePolicy shop/checkout", "nodes [2, 2, 0, 0]");

      // When a policy of the cluster changes
      long before = history.now();
      cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 2));

      // Then each of the four selected nodes writes once, and nobody else
      awaitReady(truth, "ClusterTaskStoragePolicy tenants", "generation 2");
      assertThat(history.changes(History.STATES, before))
          .isEqualTo(Map.of("node-01", 1, "node-02", 1, "node-04", 1, "node-05", 1));

      // When a tenant's policy changes
      before = history.now();
      cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", 2));

      // Then only the nodes of its pods write
      awaitReady(truth, "TaskStoragePolicy shop/checkout", "generation 2");
      assertThat(history.changes(History.STATES, before))
          .isEqualTo(Map.of("node-01", 1, "node-02", 1));

      // When a node joins whose agent is late
      cluster.simulator().addNode("node-07", Map.of("pool", "other"));
      cluster.node(7).mute();
      cluster.node(7).label(Map.of("pool", "tenants"));

      // Then it is pending, and takes Ready away from nobody
      awaitReady(truth, "ClusterTaskStoragePolicy tenants", "nodes [5, 4, 1, 0]");

      // When it goes on
      cluster.node(7).unmute();

      // Then
      awaitReady(truth, "ClusterTaskStoragePolicy tenants", "nodes [5, 5, 0, 0]");
      assertThat(Promise.of(history.events()).broken()).isEmpty();
      assertThat(controller.proxy().seen())
          .as("pods are asked for, as tables, and not watched but in the operator's own namespace")
          .noneMatch(seen -> seen.pathAndQuery().startsWith("/api/v1/pods"))
          .noneMatch(
              seen ->
                  seen.pathAndQuery().startsWith("/api/v1/namespaces/shop/pods")
                      && seen.pathAndQuery().contains("watch"))
          .anyMatch(
              seen -> seen.pathAndQuery().startsWith("/api/v1/namespaces/shop/pods?includeObject"));
    }
  }

  private static void awaitReady(Truth truth, String object, String words) {
    await()
        .atMost(Cluster.PATIENCE)
        .untilAsserted(() -> assertThat(truth.said().get(object)).contains("True True", words));
  }
}
