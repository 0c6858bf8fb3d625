package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that end, and servers that take their time. */
@KernelTest
@ApiServerTest
class AgentAccessKernelTest {
  @Test
  void aTokenThatEndedIsReplacedOnDiskAndTheAgentGoesOn(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given: a token that ends with the secret that it is bound to
      String account = bed.namespace() + ":agent";
      bed.kubectl("-n", bed.namespace(), "create", "serviceaccount", "agent");
      bed.kubectl(
          "create",
          "clusterrolebinding",
          bed.node(),
          "--clusterrole=cluster-admin",
          "--serviceaccount=" + account);
      bed.showToken(token(bed, "first"));
      bed.applyTenant(1);
      Task task = bed.processIn(bed.pod("web-1"));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(task.tid(), "1 0"));

        // When
        bed.kubectl("-n", bed.namespace(), "delete", "secret", "first");
        bed.tenant(2);
        await()
            .atMost(AgentBed.LIMIT)
            .untilAsserted(
                () -> {
                  // A server goes on with a watch whose token has ended meanwhile.
                  bed.proxy().cutAll();
                  assertThat(AgentEndpoint.get(agent, "/readyz"))
                      .startsWith("200 ok\n")
                      .contains("answer 401 (Unauthorized)");
                });
        bed.tenant(3);
        assertThat(bed.values()).containsOnlyKeys(task.tid());

        // When
        bed.showToken(token(bed, "second"));

        // Then
        bed.awaitValues(Map.of(task.tid(), "3 0"));
        AgentEndpoint.awaitAllWell(agent);
      } finally {
        bed.kubectl("delete", "clusterrolebinding", bed.node());
      }
    }
  }

  private static String token(AgentBed bed, String secret) {
    bed.kubectl("-n", bed.namespace(), "create", "secret", "generic", secret);
    return bed.kubectl(
        "-n",
        bed.namespace(),
        "create",
        "token",
        "agent",
        "--bound-object-kind=Secret",
        "--bound-object-name=" + secret);
  }

  @Test
  void aServerThatTakesItsTimeIsWaitedFor(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.applyTenant(1);
      Task task = bed.processIn(bed.pod("web-1"));
      bed.proxy().fault(_ -> true, new Fault.Slow(Duration.ofMillis(50)));

      // When
      try (Child agent = bed.start()) {
        // Then
        bed.awaitValues(Map.of(task.tid(), "1 0"));
        bed.tenant(2);
        bed.awaitValues(Map.of(task.tid(), "2 0"));
        AgentEndpoint.awaitAllWell(agent);
        assertThat(agent.stderr()).doesNotContain("the API server does not tell");
      }
    }
  }
}
