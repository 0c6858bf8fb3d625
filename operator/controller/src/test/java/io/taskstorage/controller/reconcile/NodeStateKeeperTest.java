package io.taskstorage.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.taskstorage.controller.reconcile.ScriptedServer.Request;
import io.taskstorage.controller.watch.SeenNode;
import io.taskstorage.controller.watch.SeenNodeState;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which node states are made and removed. */
class NodeStateKeeperTest {
  private final KnownNodes known = new KnownNodes();
  private ScriptedServer server;
  private NodeLooks looks;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
    ControllerMetrics metrics =
        new ControllerMetrics(new PrometheusRegistry(), InstantSource.system());
    looks = new NodeLooks(known, List.of(new NodeStateKeeper(server.client(), known, metrics)));
  }

  @AfterEach
  void end() {
    looks.close();
    server.close();
  }

  @Test
  void aNodeGetsAStateThatItOwns() throws Exception {
    // Given
    known.nodes.put("n", node("n", "u1"));
    // When
    looks.start();
    // Then
    Request request = server.next();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path())
        .isEqualTo(
            "/apis/taskstorage.io/v1alpha1/taskstoragenodestates?fieldManager=taskstorage-controller");
    assertThat(request.body().path("metadata").toString())
        .isEqualTo(
            "{\"name\":\"n\",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Node\","
                + "\"name\":\"n\",\"uid\":\"u1\"}]}");
  }

  @Test
  void aStateOfTheSameNodeStaysAndOneWithoutItsNodeIsTheCollectors() throws Exception {
    // Given
    known.nodes.put("n", node("n", "u1"));
    known.states.put("n", state("n", "s1", "u1"));
    known.states.put("gone", state("gone", "s2", "u9"));
    looks.start();
    // When
    looks.look("gone");
    looks.look("n");
    known.nodes.put("last", node("last", "u3"));
    looks.look("last");
    // Then
    assertThat(server.next().body().at("/metadata/name").asText()).isEqualTo("last");
    assertThat(server.others()).isEmpty();
  }

  @Test
  void aStateOfAnEarlierNodeOfTheNameIsReplaced() throws Exception {
    // Given
    known.nodes.put("n", node("n", "u2"));
    known.states.put("n", state("n", "s1", "u1"));
    // When
    looks.start();
    // Then
    Request delete = server.next();
    assertThat(delete.method()).isEqualTo("DELETE");
    assertThat(delete.path()).isEqualTo("/apis/taskstorage.io/v1alpha1/taskstoragenodestates/n");
    assertThat(delete.body().at("/preconditions/uid").asText()).isEqualTo("s1");
    Request create = server.next();
    assertThat(create.method()).isEqualTo("POST");
    assertThat(create.body().at("/metadata/ownerReferences/0/uid").asText()).isEqualTo("u2");
  }

  @Test
  void whatIsRefusedIsTriedAgain() throws Exception {
    // Given
    known.nodes.put("n", node("n", "u1"));
    server.answers(500, "{\"kind\": \"Status\", \"code\": 500}");
    // When
    looks.start();
    // Then
    assertThat(server.next().method()).isEqualTo("POST");
    assertThat(server.next().method()).isEqualTo("POST");
  }

  @Test
  void aStateThatIsThereAlreadyIsNoError() throws Exception {
    // Given
    known.nodes.put("n", node("n", "u1"));
    server.answers(409, "{\"kind\": \"Status\", \"code\": 409, \"reason\": \"AlreadyExists\"}");
    // When
    looks.start();
    server.next();
    // Then nothing comes by itself for longer than a retry takes
    await()
        .during(Duration.ofMillis(1500))
        .atMost(Duration.ofMinutes(1))
        .until(() -> server.others().isEmpty());
  }

  @Test
  void nothingIsWrittenBeforeTheStart() throws Exception {
    // Given
    known.nodes.put("n", node("n", "u1"));
    // When
    looks.look("n");
    known.nodes.clear();
    looks.start();
    known.nodes.put("m", node("m", "u2"));
    looks.look("m");
    // Then
    assertThat(server.next().body().at("/metadata/name").asText()).isEqualTo("m");
    assertThat(server.others()).isEmpty();
  }

  private static SeenNode node(String name, String uid) {
    return KnownNodes.read(
        "{\"metadata\": {\"name\": \"%s\", \"uid\": \"%s\"}}".formatted(name, uid), SeenNode.class);
  }

  private static SeenNodeState state(String name, String uid, String owner) {
    return KnownNodes.read(
        """
        {"metadata": {"name": "%s", "uid": "%s", "ownerReferences": [{"kind": "Node", "uid": "%s"}]}}
        """
            .formatted(name, uid, owner),
        SeenNodeState.class);
  }
}
