package io.taskstorage.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import io.taskstorage.testkit.cluster.OperatorTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a person does with hosts that this machine plays. */
@OperatorTest
class HostsTest extends OwnClusters {
  private static final Duration GENEROUS = Duration.ofMinutes(3);

  @Test
  void hostsArePlayed() {
    // When
    clusters.run("up", "--agents", "2").stdoutIfDone();

    // Then
    assertThat(inShell("kubectl get nodes -o name").stdoutIfDone())
        .isEqualTo("node/host-1\nnode/host-2\n");
    awaitPods("taskstorage-agent-1=True taskstorage-agent-2=True");
    assertThat(inShell("test -d \"$HOST_2_CGROUPS\"/kubepods/besteffort").exitCode()).isZero();
    assertThat(inShell("stat -f -c %T \"$HOST_2_PINS\"").stdoutIfDone()).isEqualTo("bpf_fs\n");
    assertThat(clusters.run("status").stdout())
        .containsPattern("default  controller  - +\\d+ +true ")
        .containsPattern("default  agent-2     host-2 +\\d+ +true ");
    agentAsksAsItsPodDoes();

    // When: one agent ends
    clusters.run("agent", "kill", "--host", "2").stdoutIfDone();

    // Then
    awaitPods("taskstorage-agent-1=True taskstorage-agent-2=False");

    // When: the API server ends too, and all that is missing is started again; another host comes
    clusters.run("apiserver", "kill").stdoutIfDone();
    assertThat(clusters.run("env").stderr())
        .isEqualTo(
            "cluster default runs without kube-apiserver, agent-2; to start it again:"
                + " e2e/cluster/cluster up\n");
    clusters.run("up", "--agents", "2").stdoutIfDone();
    clusters.run("agent", "start", "--host", "3").stdoutIfDone();

    // Then
    awaitPods("taskstorage-agent-1=True taskstorage-agent-2=True taskstorage-agent-3=True");
    assertThat(inShell("echo \"$HOST_3_CGROUPS\"").stdoutIfDone()).endsWith("/host-3\n");
  }

  /** Also after the token is gone, as it is due one day. */
  private void agentAsksAsItsPodDoes() {
    Path folder = clusters.folder("default").resolve("hosts/1");
    String whoAmI =
        "kubectl --kubeconfig "
            + folder.resolve("kubeconfig")
            + " auth whoami -o jsonpath='{.status.userInfo.username}"
            + " {.status.userInfo.extra.authentication\\.kubernetes\\.io/node-name}'";
    String said = "system:serviceaccount:taskstorage-system:taskstorage-agent [\"host-1\"]";
    assertThat(inShell(whoAmI).stdoutIfDone().strip()).isEqualTo(said);
    folder.resolve("token").toFile().delete();
    await("another token", () -> Files.exists(folder.resolve("token")));
    assertThat(inShell(whoAmI).stdoutIfDone().strip()).isEqualTo(said);
  }

  @Test
  void downEndsNobodysProcesses(Tasks tasks) {
    // Given: a person's process in a pod's cgroup
    clusters.run("up", "--agents", "1").stdoutIfDone();
    Path cgroups = Path.of(inShell("echo \"$HOST_1_CGROUPS\"").stdoutIfDone().strip());
    Cgroup pod = new Cgroup(cgroups, cgroups).create("kubepods", "besteffort", "pod1");
    Task task = tasks.processIn(pod.path());

    // When
    Outcome down = clusters.run("down");

    // Then
    assertThat(down.exitCode()).isEqualTo(1);
    assertThat(down.stderr())
        .isEqualTo(
            "end cluster default: remove cgroup %s: processes are in it that are not the cluster's:"
                    .formatted(pod.path())
                + " %d (tasks): end them or move them out, then repeat: e2e/cluster/cluster down\n"
                    .formatted(task.pid()));
    assertThat(task.state()).isEqualTo(Task.State.ALIVE);

    // When
    task.exit();
    task.reap();

    // Then
    assertThat(clusters.run("down").exitCode()).isZero();
    assertThat(cgroups.getParent()).doesNotExist();
    assertThat(clusters.folder("default")).doesNotExist();
  }

  @Test
  void hostsEndWithTheirOwner() {
    try (Child owner = Command.of("sleep", "1000").start()) {
      // Given
      clusters
          .run("up", "--agents", "1", "--while-pid", Integer.toString(owner.pid()))
          .stdoutIfDone();
      Path cgroups = Path.of(inShell("echo \"$HOST_1_CGROUPS\"").stdoutIfDone().strip());
      clusters.run("agent", "kill").stdoutIfDone();

      // When
      owner.signal(Signal.KILL);

      // Then
      await(
          "the end of everything",
          () ->
              clusters.processes().isEmpty()
                  && !Files.exists(cgroups.getParent())
                  && !Files.exists(clusters.folder("default")));
    }
  }

  private void awaitPods(String readiness) {
    String line =
        "kubectl get pods -n taskstorage-system -o jsonpath='{range .items[*]}{.metadata.name}"
            + "={.status.conditions[?(@.type==\"Ready\")].status} {end}'";
    await("pods " + readiness, () -> inShell(line).stdoutIfDone().strip().equals(readiness));
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(200))
        .atMost(GENEROUS)
        .until(condition);
  }

  /** As the documentation says: {@code eval} of what env prints, then a command line. */
  private Outcome inShell(String line) {
    String exports = clusters.run("env").stdoutIfDone();
    return Command.of("/bin/sh", "-ec", "eval \"$1\"; eval \"$2\"", "sh", exports, line).run();
  }
}
