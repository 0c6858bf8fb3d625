package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import io.taskstorage.testkit.cluster.FaultyProxy.Seen;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A controller that is told of all but of Nodes. */
@ApiServerTest
class UnseenNodesTest {
  private static final String POLICY = "ctspolicy/unseen";
  private static final String IN_FORCE = "{.status.programmedGeneration}";

  @Test
  void noGenerationComesIntoForceWhileNodesMayComeUnseen(ApiServer server) {
    try (Cluster cluster = Cluster.start(server, 2);
        TriedController controller = TriedController.alone(cluster).start()) {
      // Given
      cluster.apply(Cluster.map("ctx-a", "0"));
      cluster.apply(Cluster.clusterPolicy("unseen", "ctx-a", "Admin", "tenant_id", 1));
      String first = Cluster.value(server, POLICY, "{.metadata.generation}");
      Cluster.awaitValue(server, POLICY, IN_FORCE, first);

      // When
      controller.proxy().fault(UnseenNodesTest::isOfNodes, new Fault.Refuse(503, 0));
      controller.proxy().cutAll();
      await()
          .atMost(Cluster.PATIENCE)
          .until(() -> controller.metric("watch_standing", "kind", "Node") == 0);
      cluster.simulator().addNode(Cluster.name(4), Map.of("pool", "tenants"));
      cluster.apply(Cluster.clusterPolicy("unseen", "ctx-a", "Admin", "tenant_id", 2));
      // Then all that are known have acted
      await()
          .atMost(Cluster.PATIENCE)
          .until(() -> controller.metric("status_skips", "reason", "nodes-unseen") > 3);
      assertThat(Cluster.value(server, POLICY, IN_FORCE)).isEqualTo(first);

      // When
      controller.proxy().mend();
      // Then
      String second = Cluster.value(server, POLICY, "{.metadata.generation}");
      assertThat(second).isNotEqualTo(first);
      Cluster.awaitValue(server, POLICY, IN_FORCE + " {.status.nodes.programmed}", second + " 3");
    }
  }

  private static boolean isOfNodes(Seen request) {
    return request.pathAndQuery().startsWith("/api/v1/nodes?");
  }
}
