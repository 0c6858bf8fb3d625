package io.taskstorage.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.taskstorage.controller.reconcile.ScriptedServer.Request;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of the server to take a start-up taint away, and how often. */
class StartupTaintKeeperTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TAINTS =
      """
      [{"key": "dedicated", "value": "web", "effect": "NoSchedule"},
       {"key": "taskstorage.io/agent-not-ready", "effect": "NoSchedule"},
       {"key": "taskstorage.io/agent-not-ready", "value": "true", "effect": "NoExecute",
        "timeAdded": "2026-01-02T03:04:05Z"}]
      """;

  private final KnownNodes known = new KnownNodes();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private ScriptedServer server;
  private NodeLooks looks;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
    ControllerMetrics metrics = new ControllerMetrics(registry, InstantSource.system());
    looks = new NodeLooks(known, List.of(new StartupTaintKeeper(server.client(), known, metrics)));
    looks.start();
  }

  @AfterEach
  void end() {
    looks.close();
    server.close();
  }

  @Test
  void itIsTakenFromWhereItWasSeenAsItWasSeen() throws Exception {
    // Given
    seen("n", "7");
    // When
    looks.look("n");
    // Then
    Request request = server.next();
    assertThat(request.method()).isEqualTo("PATCH");
    assertThat(request.path()).isEqualTo("/api/v1/nodes/n?fieldManager=taskstorage-controller");
    assertThat(request.body())
        .isEqualTo(
            JSON.readTree(
                """
                [{"op": "test", "path": "/metadata/uid", "value": "u1"},
                 {"op": "test", "path": "/spec/taints/2", "value":
                   {"key": "taskstorage.io/agent-not-ready", "value": "true",
                    "effect": "NoExecute", "timeAdded": "2026-01-02T03:04:05Z"}},
                 {"op": "remove", "path": "/spec/taints/2"},
                 {"op": "test", "path": "/spec/taints/1", "value":
                   {"key": "taskstorage.io/agent-not-ready", "effect": "NoSchedule"}},
                 {"op": "remove", "path": "/spec/taints/1"}]
                """));
  }

  @Test
  void itIsTakenOnceHoweverManyEventsComeBeforeTheNodeIsSeenWithoutIt() throws Exception {
    // Given
    seen("n", "7");
    server.answers(200, "{\"metadata\": {\"resourceVersion\": \"10\"}}");
    looks.look("n");
    server.next();
    // When, and also an event that was under way
    looks.look("n");
    seen("n", "9");
    looks.look("n");
    seen("last", "11");
    looks.look("last");
    // Then
    assertThat(server.next().path()).startsWith("/api/v1/nodes/last?");
    assertThat(server.others()).isEmpty();
    // When it is put there again
    seen("n", "12");
    looks.look("n");
    // Then
    assertThat(server.next().path()).startsWith("/api/v1/nodes/n?");
  }

  @Test
  void whatHasChangedMeanwhileIsLookedAtAgain() throws Exception {
    // Given
    seen("n", "7");
    server.answers(422, "{\"kind\": \"Status\", \"code\": 422, \"reason\": \"Invalid\"}");
    server.answers(409, "{\"kind\": \"Status\", \"code\": 409, \"reason\": \"Conflict\"}");
    // When
    looks.look("n");
    // Then
    server.next();
    server.next();
    assertThat(server.next().method()).isEqualTo("PATCH");
    assertThat(counted("conflict")).isEqualTo(2);
  }

  @Test
  void whatIsRefusedIsTriedAgain() throws Exception {
    // Given
    seen("n", "7");
    server.answers(403, "{\"kind\": \"Status\", \"code\": 403, \"reason\": \"Forbidden\"}");
    // When
    looks.look("n");
    // Then
    server.next();
    assertThat(server.next().method()).isEqualTo("PATCH");
    assertThat(counted("failed")).isEqualTo(1);
  }

  @Test
  void nothingIsAskedOfANodeWhoseAgentIsNotReady() throws Exception {
    // Given
    seen("n", "7");
    known.agents.clear();
    // When
    looks.look("n");
    known.nodes.put("m", KnownNodes.node("m", "7", "b", TAINTS));
    looks.look("m");
    seen("last", "8");
    looks.look("last");
    // Then
    assertThat(server.next().path()).startsWith("/api/v1/nodes/last?");
    assertThat(server.others()).isEmpty();
  }

  private void seen(String name, String version) {
    known.nodes.put(name, KnownNodes.node(name, version, "b", TAINTS));
    known.states.put(name, KnownNodes.state(name, "u1", "b"));
    known.agents.add(name);
  }

  private double counted(String result) {
    return registry.scrape().stream()
        .filter(
            metric ->
                metric.getMetadata().getName().equals("taskstorage_controller_startup_taints"))
        .map(CounterSnapshot.class::cast)
        .flatMap(metric -> metric.getDataPoints().stream())
        .filter(point -> result.equals(point.getLabels().get("result")))
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }
}
