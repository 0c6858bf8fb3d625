package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.e2e.controller.Promise.Findings;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Statuses are true, whatever happens to nodes, agents, pods, objects and the controller. */
@ApiServerTest
class StatusTruthTest {
  private static final int NODES = 12;
  private static final int ROUNDS = Integer.getInteger("truth.rounds", 4);
  private static final int EVENTS = 15;

  /** In how many events one is trouble for the controller. */
  private static final int TROUBLE = 5;

  /** Counts that come and go with tasks are written within ten minutes by agent and controller. */
  private static final Duration COUNTS = Duration.ofMinutes(11);

  /** One that stays, and another one each time; {@code -Dtruth.seed} plays one again. */
  static LongStream seeds() {
    Long again = Long.getLong("truth.seed");
    return again == null ? LongStream.of(42, new SecureRandom().nextLong()) : LongStream.of(again);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void statusesAreTrueAndKeepTheirPromiseWhateverHappens(long seed, ApiServer server) {
    List<String> told = new ArrayList<>();
    try (Cluster cluster = Cluster.start(server, NODES);
        History history = History.start(cluster.access(), cluster.objects())) {
      // Given
      Truth truth = new Truth(cluster.objects());
      Chance chance = new Chance(cluster, seed, NODES);
      chance.begin();
      Random order = new Random(seed);
      List<Knowledge> writers;
      try (Trouble trouble = new Trouble(cluster, seed)) {
        // Three objects come into force, whatever chance brings later.
        truth.awaitEverywhere();
        for (int round = 0; round < ROUNDS; round++) {
          // When
          for (int i = 0; i < EVENTS; i++) {
            told.add(order.nextInt(TROUBLE) == 0 ? trouble.next() : chance.next());
          }
          trouble.mend();
          chance.settle();
          // Then
          truth.awaitAllButCounts();
          // When
          awaitCounts(cluster, truth);
        }
        writers = trouble.writers();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "-Dtruth.seed=%d: %s; node states: %s".formatted(seed, told, truth.states()), e);
      }
      Findings findings = Promise.of(history.complete(), writers);
      assertThat(findings.broken()).as("-Dtruth.seed=%d: %s", seed, told).isEmpty();
      assertThat(findings.checked()).as("generations that came into force").isGreaterThan(2);
      assertThat(findings.bound()).as("nodes that had to act before").isGreaterThan(NODES / 2);
    }
  }

  private static void awaitCounts(Cluster cluster, Truth truth) {
    await()
        .atMost(Cluster.PATIENCE)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () -> {
              cluster.pass(COUNTS);
              truth.check();
            });
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
      awaitNodes(truth, "TaskStoragePolicy shop/checkout", 2, 2, 0);

      // When a policy of the cluster changes
      long before = history.now();
      cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 2));

      // Then each of the four selected nodes writes once, and nobody else
      awaitGeneration(truth, "ClusterTaskStoragePolicy tenants", 2);
      assertThat(history.changes(History.STATES, before))
          .isEqualTo(Map.of("node-01", 1, "node-02", 1, "node-04", 1, "node-05", 1));

      // When a tenant's policy changes
      before = history.now();
      cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", 2));

      // Then only the nodes of its pods write
      awaitGeneration(truth, "TaskStoragePolicy shop/checkout", 2);
      assertThat(history.changes(History.STATES, before))
          .isEqualTo(Map.of("node-01", 1, "node-02", 1));

      // When a node joins whose agent is late
      cluster.simulator().addNode("node-07", Map.of("pool", "other"));
      cluster.node(7).mute();
      cluster.node(7).label(Map.of("pool", "tenants"));

      // Then it is pending, and takes Ready away from nobody
      awaitNodes(truth, "ClusterTaskStoragePolicy tenants", 5, 4, 1);

      // When it goes on
      cluster.node(7).unmute();

      // Then
      awaitNodes(truth, "ClusterTaskStoragePolicy tenants", 5, 5, 0);
      assertThat(Promise.of(history.complete(), List.of(controller.knowledge())).broken())
          .isEmpty();
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

  private static void awaitGeneration(Truth truth, String object, long generation) {
    awaitSaid(truth, object, " programmedGeneration: " + generation + "\n");
  }

  private static void awaitNodes(
      Truth truth, String object, int expected, int programmed, int pending) {
    awaitSaid(
        truth,
        object,
        " nodes expected: %d\n".formatted(expected),
        " nodes programmed: %d\n".formatted(programmed),
        " nodes pending: %d\n".formatted(pending));
  }

  /** It is Ready, and says this. */
  private static void awaitSaid(Truth truth, String object, String... words) {
    await()
        .atMost(Cluster.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(truth.said(object))
                    .contains(words)
                    .containsPattern("status: True\\n.* type: Ready\\n"));
  }
}
