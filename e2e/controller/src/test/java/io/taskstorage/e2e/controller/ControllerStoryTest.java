package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Statuses of a real API server follow what nodes report, whoever of two controllers writes. */
@ApiServerTest
class ControllerStoryTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String OBJECTS =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: TaskStorageMap
      metadata: {name: story}
      spec:
        bpfName: story
        value: {typeName: story, fields: [{name: qos, type: U8}]}
      ---
      apiVersion: taskstorage.io/v1alpha1
      kind: ClusterTaskStoragePolicy
      metadata: {name: story}
      spec:
        targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: story}]
        tier: Baseline
        priority: 100
        subject: {pods: {namespaceSelector: {}}}
        values: [{field: qos, value: "1"}]
      """;

  @BeforeAll
  static void install(ApiServer server) {
    Cluster.install(server);
  }

  @Test
  void statusFollowsTheNodesOverAHandOver(ApiServer server) {
    try (Fleet fleet = new Fleet(server, "node-a", "node-b");
        Child first = controller(server);
        Child second = controller(server)) {
      // Given
      first.awaitErrorLine("msg=listening");
      second.awaitErrorLine("msg=listening");
      fleet.apply(OBJECTS);
      Cluster.awaitValue(server, "tsnode/node-a", "{.metadata.ownerReferences[0].kind}", "Node");
      Cluster.awaitValue(server, "tsnode/node-b", "{.metadata.ownerReferences[0].kind}", "Node");
      Cluster.awaitValue(server, "ctspolicy/story", reason(), "Reconciling");

      // When
      String map = Cluster.value(server, "tsmap/story", "{.metadata.uid}");
      String policy =
          Cluster.value(server, "ctspolicy/story", "{.metadata.uid}")
              .replace("-", "")
              .substring(0, 12);
      fleet.report("node-a", "story", map, policy + ":1m");

      // Then
      Cluster.awaitValue(server, "ctspolicy/story", "{.status.nodes.programmed}", "1");
      assertThat(Cluster.value(server, "ctspolicy/story", ready())).isEqualTo("False");

      // When
      fleet.report("node-b", "story", map, policy + ":1m");

      // Then
      awaitReady(server);
      assertThat(Cluster.value(server, "ctspolicy/story", "{.status.programmedGeneration}"))
          .isEqualTo("1");
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  server
                      .kubectl("get", "events.events.k8s.io", "--namespace", "default")
                      .stdoutIfDone()
                      .contains("clustertaskstoragepolicy/story"));

      // When the one that writes ends
      Child writer = first.stderr().contains("msg=writing") ? first : second;
      Child standby = writer == first ? second : first;
      writer.signal(Child.Signal.TERM);
      Outcome end = writer.awaitExit(PATIENCE);
      fleet.apply(OBJECTS.replace("value: \"1\"", "value: \"2\""));

      // Then
      assertThat(end.exitCode()).isZero();
      standby.awaitErrorLine("msg=writing");
      Cluster.awaitValue(server, "ctspolicy/story", reason(), "Reconciling");
      assertThat(Cluster.value(server, "ctspolicy/story", "{.status.observedGeneration}"))
          .isEqualTo("2");

      // When
      fleet.report("node-a", "story", map, policy + ":2m");
      fleet.report("node-b", "story", map, policy + ":2m");

      // Then
      Cluster.awaitValue(server, "ctspolicy/story", "{.status.programmedGeneration}", "2");
      awaitReady(server);

      // When a Node comes back as another one
      server.kubectl("delete", "node", "node-b").stdoutIfDone();
      fleet.createNode("node-b");

      // Then
      String uid = Cluster.value(server, "node/node-b", "{.metadata.uid}");
      Cluster.awaitValue(server, "tsnode/node-b", "{.metadata.ownerReferences[0].uid}", uid);

      // When it is told to end
      standby.signal(Child.Signal.TERM);

      // Then
      assertThat(standby.awaitExit(PATIENCE).exitCode()).isZero();
      assertThat(
              Cluster.value(
                  server,
                  "lease/taskstorage-controller",
                  "{.spec.leaseDurationSeconds}",
                  "--namespace",
                  Fleet.NAMESPACE))
          .as("seconds for which the one that ended still counts")
          .isEqualTo("1");
    }
  }

  private static Child controller(ApiServer server) {
    return ChildJvm.of("io.taskstorage.controller.command.TaskStorageController")
        .options("--sun-misc-unsafe-memory-access=allow")
        .arguments(
            "controller",
            "--kubeconfig",
            server.kubeconfig().toString(),
            "--listen",
            "127.0.0.1:0",
            "--debug-listen",
            "127.0.0.1:0")
        .start();
  }

  private static String ready() {
    return "{.status.conditions[?(@.type=='Ready')].status}";
  }

  private static String reason() {
    return "{.status.conditions[?(@.type=='Ready')].reason}";
  }

  private static void awaitReady(ApiServer server) {
    server
        .kubectl("wait", "--for=condition=Ready", "--timeout=3m", "tsmap/story", "ctspolicy/story")
        .stdoutIfDone();
  }
}
