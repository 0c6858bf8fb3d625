package io.taskstorage.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.flowcontrol.v1.FlowSchema;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code operator/deploy} makes of a cluster, besides the rights. */
@ApiServerTest
@ExtendWith(Installation.Parameter.class)
class DeployTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void applyingItAgainChangesNothing(Installation installation) {
    // Given
    Path folder = Installation.RIGHTS;
    ApiServer server = installation.server();
    server.apply(folder);
    String before = versions(server);
    // When
    server.apply(folder);
    // Then
    assertThat(versions(server)).isEqualTo(before);
    assertThat(server.kubectl("diff", "--server-side", "-k", folder.toString()).stdoutIfDone())
        .isEmpty();
  }

  private static String versions(ApiServer server) {
    return server
        .kubectl(
            "get",
            "-k",
            Installation.RIGHTS.toString(),
            "-o",
            "custom-columns=:kind,:metadata.name,:metadata.generation,:metadata.resourceVersion")
        .stdoutIfDone();
  }

  @Test
  void serverFindsNoMistakeInThePolicy(Installation installation) {
    installation.assertSound("own-node.taskstorage.io");
  }

  /** The pod security admission of the server takes there what it refuses elsewhere. */
  @Test
  void namespaceTakesThePodThatTheAgentNeeds(Installation installation) {
    // Given
    ApiServer server = installation.server();
    String strict = server.createNamespace("pod-security");
    server
        .kubectl("label", "namespace", strict, "pod-security.kubernetes.io/enforce=baseline")
        .stdoutIfDone();
    // When
    Outcome there = tryPod(server, Installation.NAMESPACE);
    Outcome elsewhere = tryPod(server, strict);
    // Then
    assertThat(there.stdoutIfDone()).contains("created (server dry run)");
    assertThat(there.stderr()).isEmpty();
    assertThat(elsewhere.stderr()).contains("violates PodSecurity \"baseline:latest\"");
    server.kubectl("delete", "namespace", strict, "--wait=false").stdoutIfDone();
  }

  private static Outcome tryPod(ApiServer server, String namespace) {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: agent}
        spec:
          hostPID: true
          containers:
          - name: agent
            image: agent
            securityContext:
              capabilities: {drop: [ALL], add: [BPF, PERFMON, SYS_PTRACE]}
            volumeMounts: [{name: bpffs, mountPath: /sys/fs/bpf}]
          volumes: [{name: bpffs, hostPath: {path: /sys/fs/bpf, type: Directory}}]
        """;
    return server.kubectlWithInput(
        pod, "create", "--dry-run=server", "--namespace=" + namespace, "-f", "-");
  }

  @Test
  void requestsOfAgentsQueueByThemselves(Installation installation) throws IOException {
    // Given
    ApiServer server = installation.server();
    KubernetesClient client = installation.client();
    String flowControl =
        Files.readString(Installation.FOLDER.resolve("components/flow-control/flow-control.yaml"));
    try (AgentPods agents = new AgentPods(installation)) {
      agents.addNode("node-f");
      // When
      server.kubectlWithInput(flowControl, "apply", "--server-side", "-f", "-").stdoutIfDone();
      FlowSchema schema =
          client.flowControl().v1().flowSchema().withName("taskstorage-agents").require();
      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(agents.flowSchemaOf("node-f"))
                      .isEqualTo(schema.getMetadata().getUid()));
    } finally {
      server
          .kubectlWithInput(flowControl, "delete", "--ignore-not-found", "-f", "-")
          .stdoutIfDone();
    }
  }
}
