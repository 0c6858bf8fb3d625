package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller's process that must not go on ends with a word why. */
@ApiServerTest
class LostControllerTest {
  /** More changes are lost than a server makes while it starts. */
  private static final int LOST = 100;

  @Test
  void withoutANetworkItEndsBeforeItsLeaseDoes(ApiServer server) {
    try (Cluster cluster = Cluster.start(server, 1);
        FaultyAccess access = new FaultyAccess(cluster);
        Child controller = process(access.kubeconfig())) {
      // Given
      controller.awaitErrorLine("msg=writing");

      // When
      access.proxy().fault(_ -> true, new Fault.Cut());
      access.proxy().cutAll();

      // Then
      Outcome end = controller.awaitExit(Cluster.PATIENCE);
      assertThat(end.exitCode()).isOne();
      assertThat(end.stderr())
          .contains("msg=\"no longer leading\"")
          .contains(
              "lead: the Lease could not be renewed in time, another controller may write now:"
                  + " start this one again");
    }
  }

  @Test
  void afterTheStoreWasPutBackItEnds(@TempDir Path folder) {
    try (ApiServer server = ApiServer.startAnother("lost");
        Cluster cluster = Cluster.start(server, 1)) {
      // Given
      cluster.apply(Cluster.map("ctx-a", "0"));
      // Without a Lease, which it would lose while the server is away.
      try (Child controller = process(server.kubeconfig(), "--leader-elect", "false")) {
        controller.awaitErrorLine("msg=writing");
        server.stop();
        server.saveStore(folder.resolve("backup"));
        server.restart();
        for (int value = 1; value <= LOST; value++) {
          cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", value));
        }

        // When
        server.stop();
        server.restoreStore(folder.resolve("backup"));
        server.restart();

        // Then
        Outcome end = controller.awaitExit(Cluster.PATIENCE);
        assertThat(end.exitCode()).isOne();
        assertThat(end.stderr())
            .contains(
                "follow the API server: its store was put back to an older state: start this one"
                    + " again, it reads everything anew");
      }
    }
  }

  private static Child process(Path kubeconfig, String... more) {
    return ChildJvm.of("io.taskstorage.controller.command.TaskStorageController")
        .options("--sun-misc-unsafe-memory-access=allow")
        .arguments(
            "controller",
            "--kubeconfig",
            kubeconfig.toString(),
            "--listen",
            "127.0.0.1:0",
            "--debug-listen",
            "127.0.0.1:0")
        .arguments(more)
        .start();
  }
}
