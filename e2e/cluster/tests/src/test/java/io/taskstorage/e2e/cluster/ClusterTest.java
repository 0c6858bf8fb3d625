package io.taskstorage.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a person does with the program. */
@ApiServerTest
class ClusterTest extends OwnClusters {
  @Test
  void secondUpFindsItRunning() {
    // Given
    Outcome first = clusters.run("up");
    first.stdoutIfDone();

    // When
    Outcome second = clusters.run("up");

    // Then
    assertThat(first.stderr()).contains("cluster default serves Kubernetes v1.36.");
    assertThat(second.exitCode()).isZero();
    assertThat(second.stderr())
        .isEqualTo(
            "cluster default runs already, at https://127.0.0.1:%d\n"
                .formatted(Clusters.port(first.stderr())));
    assertThat(clusters.run("up", "--kubernetes", "1.33").stderr())
        .matches(
            "start cluster default: it runs already, with Kubernetes v1\\.36\\.\\d+:"
                + " give another --name, or end it: e2e/cluster/cluster down\n");
    assertThat(clusters.run("up", "--while-pid", "1").stderr())
        .isEqualTo(
            "start cluster default: it runs already, and would not end with process 1:"
                + " give another --name\n");
  }

  @Test
  void twoAtOnceDoNotKnowEachOther() throws Exception {
    // Given
    int first = Clusters.port(upAndSaid("one"));
    int second = Clusters.port(upAndSaid("two"));

    // When
    Outcome made = inShell("one", "kubectl create namespace only-here -o name");

    // Then
    assertThat(made.stdoutIfDone()).isEqualTo("namespace/only-here\n");
    assertThat(inShell("one", "kubectl get ns only-here -o name").exitCode()).isZero();
    assertThat(inShell("two", "kubectl get ns only-here -o name").stderr())
        .contains("namespaces \"only-here\" not found");
    clusters.run("down", "--name", "one").stdoutIfDone();
    assertThat(Clusters.listens(first)).isFalse();
    assertThat(Clusters.listens(second)).isTrue();
    assertThat(clusters.run("status").stdout()).contains("two").doesNotContain("one ");
  }

  @Test
  void downLeavesNothing() throws Exception {
    // Given
    int port = Clusters.port(upAndSaid("x"));
    assertThat(Clusters.listens(port)).isTrue();
    assertThat(clusters.processes()).hasSize(4);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(clusters.folder("x"))))
        .isEqualTo("rwx------");

    // When
    Outcome down = clusters.run("down", "--name", "x");

    // Then
    assertThat(down.stderr()).isEqualTo("cluster x is down, and nothing of it left\n");
    assertThat(clusters.processes()).isEmpty();
    assertThat(Clusters.listens(port)).isFalse();
    assertThat(clusters.folder("x")).doesNotExist();
  }

  @Test
  void brokenClusterIsStartedAnew() throws Exception {
    // Given: one of its servers is gone
    upAndSaid("x");
    ProcessHandle.of(clusters.processes().getFirst()).orElseThrow().destroyForcibly();
    Awaitility.await("the end of a server")
        .pollInSameThread()
        .atMost(Duration.ofSeconds(90))
        .until(() -> clusters.run("status").stdout().contains("x     Broken"));

    // When
    Outcome up = clusters.run("up", "--name", "x");

    // Then
    assertThat(up.exitCode()).isZero();
    assertThat(clusters.processes()).hasSize(4);
    assertThat(inShell("x", "kubectl get ns default -o name").stdoutIfDone())
        .isEqualTo("namespace/default\n");
  }

  private String upAndSaid(String name) {
    Outcome up = clusters.run("up", "--name", name);
    up.stdoutIfDone();
    return up.stderr();
  }

  /** As the documentation says: {@code eval} of what env prints, then a command line. */
  private Outcome inShell(String name, String line) {
    String exports = clusters.run("env", "--name", name).stdoutIfDone();
    return Command.of("/bin/sh", "-ec", "eval \"$1\"; eval \"$2\"", "sh", exports, line).run();
  }
}
