package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An agent is killed, and another one goes on where it was, whether the API server is there. */
@KernelTest
@ApiServerTest
class AgentRestartKernelTest {
  /** How far a process has come when it is killed, while a change waits for it at the server. */
  enum Point {
    LISTENS,
    REMEMBERS,
    TURNED_ONCE,
    WAS_TOLD,
    CHANGED_A_TASK,
    REMEMBERED_THE_CHANGE
  }

  private static void awaitPoint(Point point, AgentBed bed, Child agent) {
    switch (point) {
      case LISTENS -> agent.awaitErrorLine("msg=listening");
      case REMEMBERS -> agent.awaitErrorLine("msg=\"beginning with a checkpoint\"");
      case TURNED_ONCE -> agent.awaitErrorLine("msg=ready");
      case WAS_TOLD -> agent.awaitErrorLine("msg=listed.*namespaces");
      case CHANGED_A_TASK ->
          await().atMost(AgentBed.LIMIT).until(() -> bed.values().containsValue("2 0"));
      case REMEMBERED_THE_CHANGE -> bed.awaitRemembered("tenant\":\"2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void killedAndStartedWithoutTheServerItGoesOnAndCatchesUpLater(
      Point point,
      ApiServer api,
      CgroupSandbox cgroups,
      @BpffsMount Path bpffs,
      @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.kubectl("label", "namespace", bed.namespace(), "tenant=1");
      bed.apply(bed.mapManifest(), bed.tenantPolicy());
      Cgroup pod = bed.pod("web-1");
      Task one = bed.processIn(pod.create("c1"));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(one.tid(), "1 0"));
        bed.awaitRemembered("tenant\":\"1");
        kill(agent);
      }
      bed.tenant(2);
      try (Child agent = bed.start()) {
        awaitPoint(point, bed, agent);
        kill(agent);
      }

      // When
      bed.proxy().fault(_ -> true, new Fault.Cut());
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=ready");
        Task two = bed.processIn(pod);

        // Then
        await()
            .atMost(AgentBed.LIMIT)
            .untilAsserted(
                () ->
                    assertThat(bed.values())
                        .isIn(
                            Map.of(one.tid(), "1 0", two.tid(), "1 0"),
                            Map.of(one.tid(), "2 0", two.tid(), "2 0")));

        // When
        bed.proxy().mend();

        // Then
        bed.awaitValues(Map.of(one.tid(), "2 0", two.tid(), "2 0"));
        AgentEndpoint.awaitAllWell(agent);
      }
    }
  }

  @Test
  void anEditThatIsRefusedLeavesTheVersionBeforeInForceAcrossARestart(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.kubectl("label", "namespace", bed.namespace(), "tenant=1");
      bed.apply(bed.mapManifest(), bed.tenantPolicy());
      Cgroup pod = bed.pod("web-1");
      Task one = bed.processIn(pod.create("c1"));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(one.tid(), "1 0"));
        bed.apply(bed.tenantPolicy().replace("{field: tenant", "{field: no_such"));
        bed.awaitNodeState("{.status.failures[0].reason}", "Invalid");
        assertThat(bed.nodeState("{.status.maps[0].policies[*]}")).matches("[0-9a-f]{12}:2");
        bed.awaitRemembered("earlier clustertaskstoragepolicies");
        kill(agent);
      }

      // When
      bed.proxy().fault(_ -> true, new Fault.Cut());
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=ready");
        Task two = bed.processIn(pod);

        // Then
        bed.awaitValues(Map.of(one.tid(), "1 0", two.tid(), "1 0"));

        // When
        bed.proxy().mend();
        AgentEndpoint.awaitAllWell(agent);
        bed.tenant(2);

        // Then
        bed.awaitValues(Map.of(one.tid(), "2 0", two.tid(), "2 0"));
        assertThat(bed.nodeState("{.status.failures[0].reason}")).isEqualTo("Invalid");

        // When
        bed.apply(bed.tenantPolicy());

        // Then
        bed.awaitNodeState("{.status.failures}", "");
        bed.awaitValues(Map.of(one.tid(), "2 0", two.tid(), "2 0"));
      }
    }
  }

  @Test
  void anEditThatIsRefusedWhileNoAgentRunsLeavesTheVersionBeforeInForce(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.kubectl("label", "namespace", bed.namespace(), "tenant=1");
      bed.apply(bed.mapManifest(), bed.tenantPolicy());
      Task one = bed.processIn(bed.pod("web-1"));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(one.tid(), "1 0"));
        bed.awaitRemembered("tenant-" + bed.namespace());
        kill(agent);
      }

      // When
      bed.apply(bed.tenantPolicy().replace("{field: tenant", "{field: no_such"));
      try (Child agent = bed.start()) {
        bed.awaitNodeState("{.status.failures[0].reason}", "Invalid");

        // Then
        assertThat(bed.values()).isEqualTo(Map.of(one.tid(), "1 0"));
        bed.tenant(2);
        bed.awaitValues(Map.of(one.tid(), "2 0"));
        AgentEndpoint.awaitAllWell(agent);
      }
    }
  }

  private static void kill(Child agent) {
    agent.signal(Signal.KILL);
    agent.awaitExit();
  }
}
