package io.taskstorage.e2e.controller;

import io.taskstorage.testkit.cluster.ApiServer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Nodes with a Ready agent each, played by kubectl. Their hearts beat, for the cluster's own
 * controllers take a silent node for dead.
 */
final class Fleet implements AutoCloseable {

  static final String NAMESPACE = "taskstorage-system";
  private static final int BEAT_SECONDS = 8;

  private final ApiServer server;
  private final List<String> nodes;
  private final ScheduledExecutorService hearts =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("hearts").factory());

  Fleet(ApiServer server, String... nodes) {
    this.server = server;
    this.nodes = List.of(nodes);
    for (String node : nodes) {
      createNode(node);
      createAgent(node);
    }
    var _ =
        hearts.scheduleWithFixedDelay(
            () -> this.nodes.forEach(this::beat), BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
  }

  void createNode(String node) {
    apply("{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(node));
    beat(node);
  }

  private void createAgent(String node) {
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: agent-%1$s
          namespace: %2$s
          labels: {app.kubernetes.io/name: task-storage-operator, app.kubernetes.io/component: agent}
        spec:
          nodeName: %1$s
          tolerations: [{operator: Exists}]
          containers: [{name: agent, image: none}]
        """
            .formatted(node, NAMESPACE));
    agentIsReady(node, "True");
  }

  /** What the kubelet says of whether the node's agent is Ready. */
  void agentIsReady(String node, String status) {
    server
        .kubectl(
            "patch",
            "pod",
            "agent-" + node,
            "--namespace",
            NAMESPACE,
            "--subresource=status",
            "--type=merge",
            "--patch",
            "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\"}]}}"
                .formatted(status))
        .stdoutIfDone();
  }

  /** The node's kubelet tells which boot this is. */
  void boots(String node, String bootId) {
    patchStatus("node", node, "{\"status\":{\"nodeInfo\":{\"bootID\":\"%s\"}}}".formatted(bootId));
  }

  /** The node's agent has acted on this boot. */
  void reportBoot(String node, String bootId) {
    patchStatus(
        "taskstoragenodestate",
        node,
        "{\"status\":{\"agent\":{\"bootID\":\"%s\"}}}".formatted(bootId));
  }

  private void patchStatus(String kind, String name, String patch) {
    server
        .kubectl("patch", kind, name, "--subresource=status", "--type=merge", "--patch", patch)
        .stdoutIfDone();
  }

  private void beat(String node) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    server.kubectl(
        "patch",
        "node",
        node,
        "--subresource=status",
        "--type=merge",
        "--patch",
        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"lastHeartbeatTime\":\"%s\"}]}}"
            .formatted(now));
  }

  /** The node's agent reports that the map is there, with these tokens. */
  void report(String node, String map, String mapUid, String tokens) {
    server
        .kubectl(
            "patch",
            "taskstoragenodestate",
            node,
            "--subresource=status",
            "--type=merge",
            "--patch",
            "{\"status\":{\"maps\":[{\"name\":\"%s\",\"uid\":\"%s\",\"generation\":1,\"state\":\"Programmed\",\"policies\":[\"%s\"]}]}}"
                .formatted(map, mapUid, tokens))
        .stdoutIfDone();
  }

  void apply(String manifest) {
    server.kubectlWithInput(manifest, "apply", "--filename", "-").stdoutIfDone();
  }

  @Override
  public void close() {
    hearts.shutdownNow();
    try {
      hearts.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server
        .kubectl("delete", "pods", "--all", "--namespace", NAMESPACE, "--force", "--wait=false")
        .stdoutIfDone();
    nodes.forEach(node -> server.kubectl("delete", "node", node, "--ignore-not-found"));
    server.kubectl("delete", "taskstoragemaps,clustertaskstoragepolicies", "--all", "--wait=false");
  }
}
