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
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A cluster in which nothing happens is left in peace, by the API server's own count. */
@ApiServerTest
class IdleTest {
  private static final Duration WHILE = Duration.ofSeconds(Integer.getInteger("idle.seconds", 15));

  private static final int NODES = Integer.getInteger("idle.nodes", 20);

  /** Thousands of nodes report for minutes where server and agents share a few processors. */
  private static final Duration PATIENCE = Cluster.PATIENCE.plusSeconds(NODES / 4);

  /** How the server counts what nodes report. */
  private static final String REPORTS = "taskstoragenodestates PATCH";

  /** What the server has counted of requests that change something of ours, or tell an event. */
  private static final Pattern WRITES =
      Pattern.compile(
          "apiserver_request_total\\{(?=[^}]*(?:group=\"taskstorage\\.io\"|[{,]resource=\"events\"))"
              + "(?=[^}]*verb=\"(APPLY|CREATE|DELETE|DELETECOLLECTION|PATCH|POST|PUT|UPDATE)\")"
              + "(?=[^}]*[{,]resource=\"([a-z]+)\")[^}]*} ([0-9.e+]+)");

  @Test
  void nothingIsWrittenThoughAnHourPassesForEveryTimerAndAChangeIsToldOncePerNode(ApiServer server)
      throws Exception {
    try (Cluster cluster = Cluster.start(server, NODES);
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
      await(truth);
      Map<String, Double> before = settled(server);
      assertThat(before).as("the server counts writes").containsKey(REPORTS);
      int asked = controller.proxy().seen().size();

      // When
      cluster.clock().moveTo(Duration.ofHours(1));
      cluster.simulator().beat();
      TimeUnit.MILLISECONDS.sleep(WHILE.toMillis());

      // Then
      assertThat(writes(server)).isEqualTo(before);
      assertThat(controller.writes()).isNotEmpty();
      assertThat(controller.proxy().seen().size() - asked)
          .as("requests of the controller: watches that are renewed, a look at the store's age")
          .isLessThan(20 + ((int) WHILE.toSeconds() - 15) / 5);
      await(truth);

      // When, Then
      int selected = (int) IntStream.rangeClosed(1, NODES).filter(IdleTest::isSelected).count();
      assertToldOnce(cluster, truth, selected, "tenant_id");
      assertToldOnce(cluster, truth, 1, "qos");
    }
  }

  private static boolean isSelected(int node) {
    return Cluster.pool(node).equals("tenants");
  }

  /** A policy changes that concerns so many nodes: none reports more than once. */
  private static void assertToldOnce(Cluster cluster, Truth truth, int affected, String field)
      throws InterruptedException {
    // Given
    double before = settled(cluster.server()).getOrDefault(REPORTS, 0.0);
    long taken = cluster.simulator().reports();
    long failed = cluster.simulator().failures();

    // When
    cluster.apply(
        field.equals("qos")
            ? Cluster.policy("shop", "checkout", "ctx-a", 2)
            : Cluster.clusterPolicy("tenants", "ctx-a", "Admin", field, 2));
    await(truth);

    // Then
    double writes = settled(cluster.server()).getOrDefault(REPORTS, 0.0) - before;
    double again = (double) (cluster.simulator().failures() - failed);
    assertThat(cluster.simulator().reports() - taken)
        .as("reports of %d nodes about %s", affected, field)
        .isBetween(1L, (long) affected);
    assertThat(writes)
        .as("the same by the server's count: what it answers too late comes again")
        .isLessThanOrEqualTo(affected + again);
  }

  private static void await(Truth truth) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(truth::check);
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
