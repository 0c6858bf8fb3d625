package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A cluster in which nothing happens is left in peace, by the API server's own count. */
@ApiServerTest
class IdleTest {
  private static final Duration WHILE = Duration.ofSeconds(Integer.getInteger("idle.seconds", 15));

  /** What the server has counted of requests that change something of ours, or tell an event. */
  private static final Pattern WRITES =
      Pattern.compile(
          "apiserver_request_total\\{(?=[^}]*(?:group=\"taskstorage\\.io\"|[{,]resource=\"events\"))"
              + "(?=[^}]*verb=\"(APPLY|CREATE|DELETE|DELETECOLLECTION|PATCH|POST|PUT|UPDATE)\")"
              + "(?=[^}]*[{,]resource=\"([a-z]+)\")[^}]*} ([0-9.e+]+)");

  @Test
  void nothingIsWrittenThoughAnHourPassesForEveryTimer(ApiServer server) throws Exception {
    try (Cluster cluster = Cluster.start(server, 20);
        TriedController controller = TriedController.alone(cluster).start()) {
      // Given
      Truth truth = new Truth(cluster.objects());
      cluster.createNamespace("shop");
      cluster.node(1).addPod("shop", "cart", Map.of());
      cluster.apply(Cluster.map("ctx-a", "0"));
      cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 1));
      cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", 1));
      cluster.node(2).refuse("ctx-a");
      cluster.node(4).stopAgent();
      truth.awaitEverywhere();
      Map<String, Double> before = settled(server);
      assertThat(before).as("the server counts writes").containsKey("taskstoragenodestates APPLY");
      int asked = controller.proxy().seen().size();

      // When
      cluster.clock().moveTo(Duration.ofHours(1));
      TimeUnit.MILLISECONDS.sleep(WHILE.toMillis());

      // Then
      assertThat(writes(server)).isEqualTo(before);
      assertThat(controller.writes()).isNotEmpty();
      assertThat(controller.proxy().seen().size() - asked)
          .as("requests of the controller: watches that are renewed, a look at the store's age")
          .isLessThan(20 + ((int) WHILE.toSeconds() - 15) / 5);
      truth.awaitEverywhere();
    }
  }

  /** The counts once they stand still. */
  private static Map<String, Double> settled(ApiServer server) throws InterruptedException {
    Map<String, Double> last = writes(server);
    while (true) {
      TimeUnit.SECONDS.sleep(3);
      Map<String, Double> now = writes(server);
      if (now.equals(last)) {
        return now;
      }
      last = now;
    }
  }

  private static Map<String, Double> writes(ApiServer server) {
    Map<String, Double> writes = new TreeMap<>();
    Matcher counts = WRITES.matcher(server.kubectl("get", "--raw", "/metrics").stdoutIfDone());
    while (counts.find()) {
      writes.merge(
          counts.group(2) + " " + counts.group(1),
          Double.parseDouble(counts.group(3)),
          Double::sum);
    }
    return writes;
  }
}
