package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import io.taskstorage.testkit.cluster.FaultyProxy.Seen;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * When the controller takes the start-up taint from a node, and that it leaves everything else. Of
 * two nodes one shows by losing its taint that the controller has looked at what it was told
 * before, and at which the other one keeps its own.
 */
@ApiServerTest
class StartupTaintTest {
  private static final String KEY = "taskstorage.io/agent-not-ready";
  private static final String OURS = KEY + ":NoSchedule";
  private static final String FIRST = "11111111-5bb5-4c43-8a4b-9e1f6d0f2a77";
  private static final String SECOND = "22222222-5bb5-4c43-8a4b-9e1f6d0f2a77";
  private static final String OTHER = "33333333-5bb5-4c43-8a4b-9e1f6d0f2a77";

  @Test
  void itGoesOnceTheAgentHasActedOnThisBoot(ApiServer server) {
    try (Cluster cluster = Cluster.start(server, 0);
        Fleet fleet = new Fleet(server, "taint-a", "taint-b")) {
      // Given
      taint(server, "taint-a", "dedicated=web:NoSchedule", OURS, KEY + "=true:NoExecute");
      taint(server, "taint-b", OURS);
      server.kubectl("label", "node", "taint-a", "pool=web").stdoutIfDone();
      fleet.boots("taint-a", SECOND);
      fleet.boots("taint-b", OTHER);
      try (TriedController controller = TriedController.takingTaints(cluster).start()) {
        awaitState(server, "taint-a");
        awaitState(server, "taint-b");

        // When a tells what it told before its reboot
        fleet.reportBoot("taint-a", FIRST);
        fleet.reportBoot("taint-b", OTHER);

        // Then
        awaitTaints(server, "taint-b");
        assertThat(taints(server, "taint-a")).hasSize(3);

        // When its agent has acted
        String before = spec(server, "taint-a");
        fleet.reportBoot("taint-a", SECOND);

        // Then
        awaitTaints(server, "taint-a", "dedicated=web:NoSchedule");
        assertThat(spec(server, "taint-a")).isEqualTo(before);
        assertThat(label(server, "taint-a")).isEqualTo("web");

        assertThat(patches(controller)).as("one request for each taking").hasSize(2);
        assertThat(controller.proxy().codes()).doesNotContain(422, 403);
      }
    }
  }

  @Test
  void whileItsAgentIsNotReadyANodeKeepsIt(ApiServer server) {
    try (Cluster cluster = Cluster.start(server, 0);
        Fleet fleet = new Fleet(server, "taint-a", "taint-b")) {
      // Given one whose kubelet has yet to tell of its boot, and one whose agent is not Ready
      fleet.agentIsReady("taint-b", "False");
      fleet.boots("taint-a", FIRST);
      fleet.boots("taint-b", OTHER);
      taint(server, "taint-a", OURS);
      taint(server, "taint-b", OURS);
      try (TriedController controller = TriedController.takingTaints(cluster).start()) {
        awaitState(server, "taint-a");
        awaitState(server, "taint-b");
        fleet.reportBoot("taint-a", SECOND);
        fleet.reportBoot("taint-b", OTHER);

        // When they change places
        fleet.agentIsReady("taint-a", "False");
        fleet.agentIsReady("taint-b", "True");
        awaitTaints(server, "taint-b");
        fleet.boots("taint-a", SECOND);
        taint(server, "taint-b", OURS);

        // Then
        awaitTaints(server, "taint-b");
        assertThat(taints(server, "taint-a")).containsExactly(OURS);

        // When its agent is Ready
        fleet.agentIsReady("taint-a", "True");

        // Then
        awaitTaints(server, "taint-a");
        assertThat(patches(controller)).hasSize(3);
      }
    }
  }

  @Test
  void oneThatNamesABootWaitsForThatOne(ApiServer server) {
    try (Cluster cluster = Cluster.start(server, 0);
        Fleet fleet = new Fleet(server, "taint-a", "taint-b");
        TriedController controller = TriedController.takingTaints(cluster).start()) {
      // Given what was said before a reboot, and a taint that its first script puts there
      awaitState(server, "taint-a");
      awaitState(server, "taint-b");
      for (String node : List.of("taint-a", "taint-b")) {
        fleet.boots(node, FIRST);
        fleet.reportBoot(node, FIRST);
      }
      taint(server, "taint-a", KEY + "=" + SECOND + ":NoSchedule");
      taint(server, "taint-b", OURS);
      awaitTaints(server, "taint-b");
      assertThat(taints(server, "taint-a")).hasSize(1);

      // When kubelet and agent are there again
      fleet.boots("taint-a", SECOND);
      fleet.reportBoot("taint-a", SECOND);

      // Then
      awaitTaints(server, "taint-a");
      assertThat(patches(controller)).hasSize(2);
    }
  }

  @Test
  void whatIsRefusedOrInConflictIsTriedAgain(ApiServer server) {
    try (Cluster cluster = Cluster.start(server, 0);
        Fleet fleet = new Fleet(server, "taint-a");
        TriedController controller = TriedController.takingTaints(cluster).start()) {
      // Given
      awaitState(server, "taint-a");
      fleet.boots("taint-a", FIRST);
      fleet.reportBoot("taint-a", FIRST);
      controller.proxy().fault(StartupTaintTest::isPatch, new Fault.Refuse(409, 0));

      // When
      taint(server, "taint-a", OURS);

      // Then
      await().atMost(Cluster.PATIENCE).until(() -> patches(controller).size() > 1);
      assertThat(taints(server, "taint-a")).containsExactly(OURS);
      controller.proxy().mend();
      awaitTaints(server, "taint-a");
    }
  }

  /** What is told apart from failures by its code. */
  @Test
  void serverSaysThatATaintIsNotWhereItWasSeenBy422(ApiServer server) {
    try (Fleet _ = new Fleet(server, "taint-a")) {
      taint(server, "taint-a", OURS);
      // When
      Outcome outcome =
          server.kubectl(
              "patch",
              "node",
              "taint-a",
              "--type=json",
              "--v=6",
              "--patch",
              "[{\"op\":\"test\",\"path\":\"/spec/taints/0\",\"value\":{\"key\":\"%s\"}}]"
                  .formatted(KEY));
      // Then
      assertThat(outcome.exitCode()).isNotZero();
      assertThat(outcome.stderr()).contains("422");
    }
  }

  @Test
  void withoutTheOptionNodesAreLeftAlone(ApiServer server) {
    try (Cluster cluster = Cluster.start(server, 0);
        Fleet fleet = new Fleet(server, "taint-a");
        TriedController controller = TriedController.alone(cluster).start()) {
      // Given
      awaitState(server, "taint-a");
      taint(server, "taint-a", OURS);
      fleet.boots("taint-a", FIRST);
      fleet.reportBoot("taint-a", FIRST);

      // When it has looked at the node again
      String uid = uid(server, "tsnode/taint-a");
      server.kubectl("delete", "tsnode", "taint-a").stdoutIfDone();
      await()
          .atMost(Cluster.PATIENCE)
          .until(() -> !List.of("", uid).contains(uid(server, "tsnode/taint-a")));
      fleet.reportBoot("taint-a", FIRST);
      server.kubectl("delete", "tsnode", "taint-a").stdoutIfDone();
      awaitState(server, "taint-a");

      // Then
      assertThat(taints(server, "taint-a")).containsExactly(OURS);
      assertThat(patches(controller)).isEmpty();
    }
  }

  private static void taint(ApiServer server, String node, String... taints) {
    List<String> words = new ArrayList<>(List.of("taint", "nodes", node));
    words.addAll(List.of(taints));
    server.kubectl(words.toArray(String[]::new)).stdoutIfDone();
  }

  private static void awaitState(ApiServer server, String node) {
    await().atMost(Cluster.PATIENCE).until(() -> !uid(server, "tsnode/" + node).isEmpty());
  }

  private static void awaitTaints(ApiServer server, String node, String... expected) {
    await()
        .atMost(Cluster.PATIENCE)
        .untilAsserted(() -> assertThat(taints(server, node)).containsExactly(expected));
  }

  private static List<String> taints(ApiServer server, String node) {
    String template =
        "go-template={{range .spec.taints}}{{.key}}{{if .value}}={{.value}}{{end}}"
            + ":{{.effect}}{{\"\\n\"}}{{end}}";
    return get(server, "node/" + node, template).lines().toList();
  }

  /** Everything of the spec but its taints. */
  private static String spec(ApiServer server, String node) {
    return get(
        server,
        "node/" + node,
        "go-template={{range $name, $value := .spec}}{{if ne $name \"taints\"}}{{$name}}={{$value}}"
            + " {{end}}{{end}}");
  }

  private static String label(ApiServer server, String node) {
    return get(server, "node/" + node, "jsonpath={.metadata.labels.pool}");
  }

  private static String uid(ApiServer server, String object) {
    return get(server, object, "jsonpath={.metadata.uid}");
  }

  private static String get(ApiServer server, String object, String format) {
    return server
        .kubectl("get", object, "--ignore-not-found", "--output=" + format)
        .stdoutIfDone()
        .strip();
  }

  private static List<Seen> patches(TriedController controller) {
    return controller.writes().stream().filter(StartupTaintTest::isPatch).toList();
  }

  private static boolean isPatch(Seen request) {
    return request.pathAndQuery().startsWith("/api/v1/nodes/") && !request.method().equals("GET");
  }
}
