package io.taskstorage.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.cluster.Host;
import io.taskstorage.testkit.cluster.OperatorCluster;
import io.taskstorage.testkit.cluster.OperatorTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code kubectl taskstorage} tells of a cluster that is at work, and of one that is not. */
@OperatorTest
class PluginTest {
  private static final Path ROOT =
      Path.of(System.getProperty("root.dir", "../..")).toAbsolutePath().normalize();

  private static final Duration GENEROUS = Duration.ofMinutes(3);

  private static final String NAMESPACE = "plugin-shop";

  private static final String OBJECTS =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: TaskStorageMap
      metadata: {name: plugin-ctx}
      spec:
        bpfName: plugin_ctx
        value:
          typeName: plugin_ctx
          fields: [{name: tenant, type: U64}, {name: qos, type: U8}]
      ---
      apiVersion: taskstorage.io/v1alpha1
      kind: ClusterTaskStoragePolicy
      metadata: {name: plugin-identity}
      spec:
        targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: plugin-ctx}]
        tier: Admin
        priority: 100
        subject: {pods: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}}}
        values: [{field: tenant, value: "4711"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: cart, namespace: %1$s}
      spec:
        nodeName: host-1
        containers: [{name: server, image: none}]
      """
          .formatted(NAMESPACE);

  @TempDir Path plugins;

  @BeforeEach
  void install() throws IOException {
    Files.createSymbolicLink(plugins.resolve("kubectl-taskstorage"), ROOT.resolve("taskstorage"));
  }

  @Test
  void tellsWhatIsSoAndWhatIsNot(OperatorCluster cluster, Tasks tasks) {
    // Given
    Host host = cluster.host(1);
    Cgroup pod = workload(cluster, host);
    Task task = tasks.processIn(pod.create("server").path());
    try {
      // When
      awaitExit(cluster, 0, "status", "plugin-ctx");
      await().atMost(GENEROUS).until(() -> entries(cluster, host).contains(" 4711 "));
      String via = way(host);
      Outcome status = plugin(cluster, "status", "plugin-ctx");
      Outcome explained = plugin(cluster, "explain", "cart", "-n", NAMESPACE);
      String entries = entries(cluster, host);
      Outcome top =
          plugin(cluster, "top", "plugin-ctx", "--by=tenant", "--node=host-1", "--via", via);
      Outcome doctor = plugin(cluster, "doctor");

      // Then
      assertThat(status.stdout()).containsPattern("plugin-ctx +yes +2 of 2 +1 of 1 ");
      assertThat(status.stderr()).endsWith("status: all is in line\n");
      assertThat(explained.stdoutIfDone())
          .containsPattern("tenant +4711 +plugin-identity")
          .containsPattern("host-1 +plugin-ctx +Programmed +plugin-identity +1 +1\n");
      assertThat(entries).containsPattern("(?m)^ *" + task.tid() + " .* 4711 +0$");
      assertThat(top.stdoutIfDone()).containsPattern("(?m)^4711 +1 +[0-9]+\\.[0-9]{3}$");
      assertThat(doctor.stdout()).containsPattern("yes +leader ").containsPattern("yes +agents ");
      assertThat(doctor.exitCode()).isZero();

      // When
      cluster.host(2).agent().stop();
      awaitExit(cluster, 3, "status", "plugin-ctx");
      Outcome without = plugin(cluster, "status", "plugin-ctx");
      Outcome ill = plugin(cluster, "doctor");

      // Then
      assertThat(without.stdout()).contains("\nnode: AgentNotReady\n", "\n  on:    host-2\n");
      assertThat(ill.stdout()).containsPattern("no +agents +none is Ready on host-2\n");
      assertThat(ill.exitCode()).isEqualTo(3);
      cluster.host(2).agent().start();
      awaitExit(cluster, 0, "status", "plugin-ctx");
    } finally {
      tasks.close();
      pod.removeTree();
      cluster
          .server()
          .kubectl("delete", "--ignore-not-found", "tsmap/plugin-ctx", "ctspolicy/plugin-identity");
      cluster.server().kubectl("delete", "namespace", NAMESPACE, "--wait=false");
    }
  }

  /** A pod that carries values; its cgroup. */
  private static Cgroup workload(OperatorCluster cluster, Host host) {
    cluster.server().kubectl("create", "namespace", NAMESPACE).stdoutIfDone();
    cluster
        .server()
        .kubectl(
            "wait", "--for=create", "serviceaccount/default", "--timeout=180s", "-n", NAMESPACE)
        .stdoutIfDone();
    cluster.server().kubectlWithInput(OBJECTS, "apply", "-f", "-").stdoutIfDone();
    String uid =
        cluster
            .server()
            .kubectl("get", "pod", "cart", "-n", NAMESPACE, "-o", "jsonpath={.metadata.uid}")
            .stdoutIfDone()
            .strip();
    return host.createPodCgroup(uid);
  }

  /** The node's own command, on what this machine plays the node with. */
  private static String way(Host host) {
    return "node() { '%s' \"$@\" --bpffs '%s' --cgroup-root '%s'; }; node"
        .formatted(
            ROOT.resolve("taskstorage"),
            Objects.requireNonNull(host.pins().getParent()),
            host.cgroups());
  }

  private String entries(OperatorCluster cluster, Host host) {
    return plugin(cluster, "entries", "plugin-ctx", "--node", "host-1", "--via", way(host))
        .stdoutIfDone();
  }

  private void awaitExit(OperatorCluster cluster, int exitCode, String... command) {
    await().atMost(GENEROUS).until(() -> plugin(cluster, command).exitCode() == exitCode);
  }

  private Outcome plugin(OperatorCluster cluster, String... command) {
    String[] words = new String[command.length + 1];
    words[0] = "taskstorage";
    System.arraycopy(command, 0, words, 1, command.length);
    return cluster.server().commandWithPlugins(plugins, words).run();
  }
}
