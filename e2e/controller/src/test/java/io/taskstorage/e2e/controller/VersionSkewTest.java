package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.OtherDefinition;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A controller on a server whose definitions are of a newer version, or of an older one. */
@ApiServerTest
class VersionSkewTest {
  private static final String READY = "{.status.conditions[?(@.type=='Ready')].status}";
  private static final String ACCEPTED = "{.status.conditions[?(@.type=='Accepted')].reason}";

  private static final int CHANGES = 5;

  /** For each change and object: of the generation, of each node, and as much again. */
  private static final int MOST_WRITES = CHANGES * 2 * 6;

  private static ApiServer server;
  private static Cluster cluster;
  private static TriedController controller;

  @BeforeAll
  static void start() {
    server = ApiServer.startAnother("skew");
    cluster = Cluster.start(server, 3);
    cluster.createNamespace("shop");
    cluster.node(1).addPod("shop", "cart", Map.of());
    cluster.apply(Cluster.map("ctx-a", "0"));
    cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 1));
    controller = TriedController.alone(cluster).start();
    awaitReady();
  }

  @AfterAll
  static void end() {
    controller.close();
    cluster.close();
    server.close();
  }

  @AfterEach
  void definitionsOfThisVersion() {
    cluster.deleteMap("newer");
    cluster.deleteClusterPolicy("newer");
    Cluster.install(server);
  }

  @Test
  void whatANewerVersionSaysIsRefusedAlone() {
    // Given
    OtherDefinition.of("taskstoragemaps")
        .with("spec.colour", "{\"type\":\"string\"}")
        .install(server);
    OtherDefinition.of("clustertaskstoragepolicies").withWord("spec.tier", "Late").install(server);

    // When
    awaitRefused(
        "tsmap/newer", Cluster.map("newer", "0").replace("bpfName:", "colour: red\n  bpfName:"));
    awaitRefused("ctspolicy/newer", Cluster.clusterPolicy("newer", "ctx-a", "Late", "qos", 1));

    // Then
    cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 2));
    awaitReady();
    assertThat(Cluster.value(server, "tsmap/ctx-a", ACCEPTED)).isEqualTo("Accepted");
  }

  @Test
  void whatAnOlderDefinitionLeavesOutIsNotWrittenAgainAndAgain() {
    // Given
    OtherDefinition.of("taskstoragemaps")
        .without("spec.maxFailedNodes")
        .without("status.nodes.unavailable")
        .without("status.programmedGeneration")
        .install(server);
    OtherDefinition.of("clustertaskstoragepolicies")
        .without("status.programmedGeneration")
        .install(server);
    await()
        .atMost(Cluster.PATIENCE)
        .untilAsserted(
            () -> {
              server
                  .kubectl(
                      "patch",
                      "ctspolicy/tenants",
                      "--subresource=status",
                      "--type=merge",
                      "--patch={\"status\":{\"programmedGeneration\":99}}")
                  .stdoutIfDone();
              assertThat(
                      Cluster.value(server, "ctspolicy/tenants", "{.status.programmedGeneration}"))
                  .isEmpty();
            });
    int written = controller.writes().size();

    // When
    for (int change = 1; change <= CHANGES; change++) {
      cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 10 + change));
      awaitReady();
    }

    // Then
    assertThat(controller.writes().subList(written, controller.writes().size()))
        .hasSizeBetween(CHANGES, MOST_WRITES);
    assertThat(Cluster.value(server, "tsmap/ctx-a", "{.status.programmedGeneration}")).isEmpty();
  }

  /**
   * Applies the object until the server takes it whole and the controller refuses it. For seconds
   * after its definition was replaced the server refuses or prunes what is new; and a watch from
   * before goes on and leaves it out, so that only a later change of the object tells of it.
   */
  private static void awaitRefused(String object, String manifest) {
    AtomicInteger tries = new AtomicInteger();
    await()
        .atMost(Cluster.PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              cluster.apply(manifest);
              server
                  .kubectl("label", object, "--overwrite", "try=" + tries.incrementAndGet())
                  .stdoutIfDone();
              assertThat(Cluster.value(server, object, ACCEPTED)).isEqualTo("UnsupportedField");
            });
  }

  /** Map and policy are in force, each in the generation that it has. */
  private static void awaitReady() {
    for (String object : new String[] {"tsmap/ctx-a", "ctspolicy/tenants"}) {
      Cluster.awaitValue(
          server,
          object,
          READY + " {.status.observedGeneration}",
          "True " + Cluster.value(server, object, "{.metadata.generation}"));
    }
  }
}
