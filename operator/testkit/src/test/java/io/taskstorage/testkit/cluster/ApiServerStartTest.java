package io.taskstorage.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@ApiServerTest
class ApiServerStartTest {

  @Test
  void serves(ApiServer server) {
    // When
    String namespace = server.createNamespace("serves");
    Outcome got = server.kubectl("get", "namespace", namespace, "-o", "name");
    // Then
    assertThat(got.stdoutIfDone()).isEqualTo("namespace/" + namespace + "\n");
  }

  @Test
  void reportsWhatKubectlRefuses(ApiServer server) {
    // When
    Outcome refused = server.kubectlWithInput("kind: Nothing", "apply", "-f", "-");
    // Then
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.stderr()).contains("apiVersion not set");
  }

  @Test
  void endsWithTheProcessItWasMadeFor() {
    // Given
    String name = "test-owner-" + ProcessHandle.current().pid();
    try (Child owner = Command.of("sleep", "infinity").start()) {
      ApiServer.program("up", "--name", name, "--while-pid", Long.toString(owner.pid()))
          .stdoutIfDone();
      assertThat(ApiServer.program("status").stdout()).contains(name);
      // When
      owner.signal(Child.Signal.KILL);
      // Then
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> !ApiServer.program("status").stdout().contains(name));
    } finally {
      ApiServer.program("down", "--name", name);
    }
  }

  @Test
  void startedTwiceIsOneCluster() {
    // Given
    String name = "test-twice-" + ProcessHandle.current().pid();
    String pid = Long.toString(ProcessHandle.current().pid());
    try {
      ApiServer.program("up", "--name", name, "--while-pid", pid).stdoutIfDone();
      // When
      Outcome again = ApiServer.program("up", "--name", name);
      // Then
      assertThat(again.exitCode()).isZero();
      assertThat(again.stderr())
          .startsWith("cluster " + name + " runs already, at https://127.0.0.1:");
    } finally {
      ApiServer.program("down", "--name", name);
    }
    Outcome gone = ApiServer.program("env", "--name", name);
    assertThat(gone.exitCode()).isEqualTo(1);
    assertThat(gone.stderr())
        .isEqualTo(
            "print environment of cluster %1$s: it does not run: e2e/cluster/cluster up --name %1$s%n"
                .formatted(name));
  }
}
