package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of two controllers one writes, and the other goes on when the first one cannot. */
@ApiServerTest
class TwoControllersTest {

  @Test
  void onlyOneWritesOverAnEndAndOverALostNetwork(ApiServer server) throws InterruptedException {
    try (Cluster cluster = Cluster.start(server, 3);
        History history = History.start(cluster.access(), cluster.objects())) {
      Truth truth = new Truth(cluster.objects());
      cluster.apply(Cluster.map("ctx-a", "0"));
      TriedController first = TriedController.elected(cluster, "first").start().awaitWriting();
      List<Knowledge> writers = new ArrayList<>(List.of(first.knowledge()));
      try (TriedController second = TriedController.elected(cluster, "second").start()) {
        // Given
        await().atMost(Cluster.PATIENCE).until(() -> second.controller().readiness().isReady());
        truth.awaitEverywhere();
        assertThat(second.isWriting()).isFalse();
        assertThat(second.writes()).isEmpty();

        // When the first one ends
        first.close();
        int written = first.writes().size();
        cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 1));
        second.awaitWriting();
        truth.awaitEverywhere();

        // Then it writes nothing more
        assertThat(first.writes()).hasSize(written);

        // When the second one loses its network, and a third one waits
        try (TriedController third = TriedController.elected(cluster, "third").start()) {
          await().atMost(Cluster.PATIENCE).until(() -> third.controller().readiness().isReady());
          second.proxy().fault(_ -> true, new Fault.Cut());
          second.proxy().cutAll();
          cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 2));
          third.awaitWriting();

          // Then the second one knows that it leads no longer
          second.controller().awaitLost();
          truth.awaitEverywhere();

          // When its network is back
          int before = second.writes().size();
          second.proxy().mend();
          cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 3));
          truth.awaitEverywhere();

          // Then it writes nothing
          assertThat(second.writes()).hasSize(before);
          writers.add(third.knowledge());
        }
        writers.add(second.knowledge());
      } finally {
        first.close();
      }
      assertThat(Promise.of(history.complete(), writers).broken()).isEmpty();
    }
  }
}
