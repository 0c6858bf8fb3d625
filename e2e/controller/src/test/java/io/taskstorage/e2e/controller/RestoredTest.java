package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.controller.reconcile.Controller;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server's store is put back to what it was: what was seen last never happened. */
@ApiServerTest
class RestoredTest {
  /** More changes are lost than a server makes while it starts. */
  private static final int LOST = 100;

  private static final Duration GLANCE = Duration.ofMillis(500);

  @Test
  void statusesFollowWhatTheStoreHasNow(@TempDir Path folder) throws InterruptedException {
    try (ApiServer server = ApiServer.startAnother("restored");
        Cluster cluster = Cluster.start(server, 3)) {
      // Given
      Truth truth = new Truth(cluster.objects());
      cluster.createNamespace("shop");
      cluster.node(1).addPod("shop", "cart", Map.of());
      cluster.apply(Cluster.map("ctx-a", "0"));
      cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 1));
      try (TriedController controller = TriedController.alone(cluster).start()) {
        truth.awaitEverywhere();
        server.stop();
        server.saveStore(folder.resolve("backup"));
        server.restart();
        for (int value = 1; value <= LOST; value++) {
          cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", value));
        }
        cluster.apply(Cluster.clusterPolicy("later", "ctx-a", "Baseline", "qos", 1));
        cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", 1));
        truth.awaitEverywhere();

        // When
        server.stop();
        server.restoreStore(folder.resolve("backup"));
        server.restart();
        cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 0));

        // Then
        await().atMost(Cluster.PATIENCE).until(() -> controller.controller().isClosed());
        assertThat(controller.controller().awaitLost()).isEqualTo(Controller.Loss.STORE);
      }
      try (TriedController next = TriedController.alone(cluster).start()) {
        awaitTruth(cluster, truth);
        assertThat(truth.said()).hasSize(2);
        assertThat(next.controller().state()).containsEntry("clusterPolicies", 1);
      }
    }
  }

  /** The agents look again after so long without a word: time passes faster for them. */
  private static void awaitTruth(Cluster cluster, Truth truth) {
    AtomicInteger seconds = new AtomicInteger();
    await()
        .atMost(Cluster.PATIENCE)
        .pollInterval(GLANCE)
        .untilAsserted(
            () -> {
              cluster.clock().moveTo(Duration.ofSeconds(seconds.addAndGet(10)));
              truth.check();
            });
  }
}
