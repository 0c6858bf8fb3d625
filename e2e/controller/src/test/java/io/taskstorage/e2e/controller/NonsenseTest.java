package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import io.taskstorage.testkit.cluster.FaultyProxy.Seen;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A controller that starts where who stands between answers in place of the API server. */
@ApiServerTest
class NonsenseTest {
  /** Two readers list each of our kinds when a controller starts, and each has to ask again. */
  private static final int LISTS = 4;

  private final Map<String, Integer> lists = new ConcurrentHashMap<>();

  @ParameterizedTest
  @ValueSource(strings = {"<html>Bad Gateway</html>", "{\"items\": [{\"metadata\": {\"na", "\"\""})
  void everyOtherListIsNone(String answer, ApiServer server) {
    try (Cluster cluster = Cluster.start(server, 2);
        TriedController controller = TriedController.alone(cluster)) {
      // Given
      Truth truth = new Truth(cluster.objects());
      cluster.createNamespace("shop");
      cluster.node(1).addPod("shop", "cart", Map.of());
      cluster.apply(Cluster.map("ctx-a", "0"));
      cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 1));
      cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", 1));
      controller.proxy().fault(this::isRefused, new Fault.Garbage(answer));

      // When
      controller.start();

      // Then
      truth.awaitEverywhere();
      for (String ours :
          new String[] {"taskstoragemaps", "clustertaskstoragepolicies", "taskstoragepolicies"}) {
        assertThat(lists.get("/apis/taskstorage.io/v1alpha1/" + ours))
            .as(ours)
            .isGreaterThanOrEqualTo(LISTS);
      }
    }
  }

  private boolean isRefused(Seen request) {
    String[] path = request.pathAndQuery().split("[?]", 2);
    return request.method().equals("GET")
        && !request.pathAndQuery().contains("watch=")
        && lists.merge(path[0], 1, Integer::sum) % 2 == 1;
  }
}
