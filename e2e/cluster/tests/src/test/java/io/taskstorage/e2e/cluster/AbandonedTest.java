package io.taskstorage.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A cluster whose starter or owner ends in the middle. */
@ApiServerTest
class AbandonedTest extends OwnClusters {
  private static final Duration GENEROUS = Duration.ofSeconds(90);

  @Test
  void endsWithItsOwner() {
    try (Child owner = Command.of("sleep", "1000").start()) {
      // Given
      Outcome up = clusters.run("up", "--while-pid", Integer.toString(owner.pid()));
      int port = Clusters.port(up.stderr());
      assertThat(clusters.processes()).hasSize(5);

      // When
      owner.signal(Signal.KILL);

      // Then
      awaitNothing();
      assertThat(Clusters.listens(port)).isFalse();
    }
  }

  @Test
  void endsWithItsOwnerAlsoIfItsStarterWasKilled() {
    try (Child owner = Command.of("sleep", "1000").start();
        Child up = clusters.command("up", "--while-pid", Integer.toString(owner.pid())).start()) {
      // Given
      up.awaitErrorLine("^start default");
      awaitServers();

      // When
      up.signal(Signal.KILL);
      owner.signal(Signal.KILL);

      // Then
      awaitNothing();
    }
  }

  @Test
  void interruptedStartLeavesNothingRunning() {
    try (Child up = clusters.command("up").start()) {
      // Given
      up.awaitErrorLine("^start default");
      awaitServers();

      // When
      up.signal(Signal.INT);
      Outcome outcome = up.awaitExit();

      // Then
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.stderr()).endsWith("cluster up: interrupted: nothing was left running\n");
      assertThat(clusters.processes()).isEmpty();
    }
  }

  @Test
  void nextUpClearsAwayWhatAKilledOneLeft() {
    try (Child up = clusters.command("up").start()) {
      // Given
      up.awaitErrorLine("^start default");
      awaitServers();
      up.signal(Signal.KILL);
      up.awaitExit();

      // When
      Outcome again = clusters.run("up");

      // Then
      assertThat(again.stderr()).contains("cluster default serves Kubernetes v1.36.");
      assertThat(clusters.processes()).hasSize(4);
    }
  }

  @Test
  void twoStartsOfOneNameMakeOneCluster() {
    try (Child one = clusters.command("up").start();
        Child other = clusters.command("up").start()) {
      // When
      Outcome first = one.awaitExit();
      Outcome second = other.awaitExit();

      // Then
      assertThat(first.exitCode()).isZero();
      assertThat(second.exitCode()).isZero();
      assertThat(first.stderr() + second.stderr())
          .contains("another command is at work on cluster default: waiting\n")
          .contains("cluster default serves Kubernetes v1.36.")
          .contains("cluster default runs already, at https://127.0.0.1:");
      assertThat(clusters.processes()).hasSize(4);
    }
  }

  /** At least etcd and the API server, which come first. */
  private void awaitServers() {
    Awaitility.await("servers")
        .pollInSameThread()
        .atMost(GENEROUS)
        .until(() -> clusters.processes().size() >= 3);
  }

  private void awaitNothing() {
    Awaitility.await("the end of everything")
        .pollInSameThread()
        .atMost(GENEROUS)
        .until(
            () -> clusters.processes().isEmpty() && !clusters.folder("default").toFile().exists());
  }
}
