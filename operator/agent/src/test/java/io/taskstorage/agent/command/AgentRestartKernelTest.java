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
import java.util.List;
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
      // While a list is still to come, what is new stands beside what was before, which counts.
      case REMEMBERED_THE_CHANGE ->
          bed.awaitRemembered(
              text -> text.contains(tenant(bed, 2)) && !text.contains(tenant(bed, 1)));
    }
  }

  /** The label of the bed's own namespace, as it is kept; other tests have theirs. */
  private static String tenant(AgentBed bed, int tenant) {
    return "%s\",\"tenant\":\"%d\"".formatted(bed.namespace(), tenant);
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
      bed.applyTenant(1);
      Cgroup pod = bed.pod("web-1");
      Task one = bed.processIn(pod.create("c1"));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(one.tid(), "1 0"));
        bed.awaitRemembered(text -> text.contains(tenant(bed, 1)));
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

        // Then: where the change was in force it is so still
        Map<Integer, String> before = Map.of(one.tid(), "1 0", two.tid(), "1 0");
        Map<Integer, String> changed = Map.of(one.tid(), "2 0", two.tid(), "2 0");
        boolean wasInForce = point.compareTo(Point.CHANGED_A_TASK) >= 0;
        await()
            .atMost(AgentBed.LIMIT)
            .untilAsserted(
                () ->
                    assertThat(bed.values())
                        .as(agent::stderr)
                        .isIn(wasInForce ? changed : before, changed));

        // When
        bed.proxy().mend();

        // Then
        bed.awaitValues(changed);
        AgentEndpoint.awaitAllWell(agent);
      }
    }
  }

  @Test
  void anEditThatIsRefusedLeavesTheVersionBeforeInForceAcrossARestart(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.applyTenant(1);
      Cgroup pod = bed.pod("web-1");
      Task one = bed.processIn(pod.create("c1"));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(one.tid(), "1 0"));
        bed.apply(bed.tenantPolicy().replace("{field: tenant", "{field: no_such"));
        bed.awaitNodeState("{.status.failures[0].reason}", "Invalid");
        assertThat(bed.nodeState("{.status.maps[0].policies[*]}")).matches("[0-9a-f]{12}:2");
        bed.awaitRemembered(text -> text.contains("earlier clustertaskstoragepolicies"));
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
      bed.applyTenant(1);
      Task one = bed.processIn(bed.pod("web-1"));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(one.tid(), "1 0"));
        bed.awaitRemembered(text -> text.contains("tenant-" + bed.namespace()));
        kill(agent);
      }

      // When
      bed.apply(bed.tenantPolicy().replace("{field: tenant", "{field: no_such"));
      try (Child agent = bed.start()) {
        bed.awaitNodeState("{.status.failures[0].reason}", "Invalid");

        // Then
        assertThat(bed.values()).as(agent::stderr).isEqualTo(Map.of(one.tid(), "1 0"));
        bed.tenant(2);
        bed.awaitValues(Map.of(one.tid(), "2 0"));
        AgentEndpoint.awaitAllWell(agent);
      }
    }
  }

  @Test
  void whatCameIntoForceLastStaysWhereTheNextOneHearsOfNothing(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given: something was written down a moment ago
      bed.applyTenant(1);
      Task one = bed.processIn(bed.pod("web-1"));
      Cgroup pod = bed.pod("web-2");
      Task server = bed.processIn(pod.create("cri-containerd-c2.scope"));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(one.tid(), "1 0", server.tid(), "1 0"));

        // When: a policy and the container's name come, and the agent dies as soon as they count
        bed.apply(bed.qosPolicy(5));
        bed.running("web-2", "c2");
        bed.awaitValues(Map.of(one.tid(), "1 0", server.tid(), "1 5"));
        kill(agent);
      }
      bed.proxy().fault(_ -> true, new Fault.Cut());
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=ready");

        // Then
        Task thread = server.thread();
        assertThat(bed.values())
            .isEqualTo(Map.of(one.tid(), "1 0", server.tid(), "1 5", thread.tid(), "1 5"));
        assertNothingWasWritten(agent);
      }
    }
  }

  @Test
  void untilEverythingIsToldWhatIsToldAddsAndTakesNothingAway(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.applyTenant(1);
      Task one = bed.processIn(bed.pod("web-1"));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(one.tid(), "1 0"));
        kill(agent);
      }

      // When: the policy goes, a pod comes, and of all lists that of namespaces is refused
      bed.kubectl("delete", "ctspolicy", "tenant-" + bed.namespace());
      Task two = bed.processIn(bed.pod("web-2"));
      bed.proxy()
          .fault(
              seen -> seen.pathAndQuery().startsWith("/api/v1/namespaces"),
              new Fault.Refuse(503, 0));
      Map<Integer, String> expected;
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=listed.*clustertaskstoragepolicies");
        Task three = bed.processIn(bed.pod("web-3"));
        expected = Map.of(one.tid(), "1 0", two.tid(), "1 0", three.tid(), "1 0");

        // Then
        bed.awaitValues(expected);
        await()
            .atMost(AgentBed.LIMIT)
            .untilAsserted(
                () ->
                    assertThat(AgentEndpoint.get(agent, "/readyz"))
                        .contains("from a checkpoint: namespaces"));
        kill(agent);
      }
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=ready");
        assertThat(bed.values()).isEqualTo(expected);
        assertNothingWasWritten(agent);

        // When
        bed.proxy().mend();

        // Then
        bed.awaitValues(Map.of());
        AgentEndpoint.awaitAllWell(agent);
      }
    }
  }

  /** Each task was found as the agent before had left it. */
  private static void assertNothingWasWritten(Child agent) {
    String metrics = AgentEndpoint.get(agent, "/metrics");
    assertThat(metrics).containsPattern("(?m)^taskstorage_entries_deleted_total 0");
    for (String cause : List.of("created", "foreign", "late", "updated")) {
      assertThat(metrics)
          .containsPattern("(?m)^taskstorage_entries_written_total\\{cause=\"" + cause + "\"} 0");
    }
  }

  private static void kill(Child agent) {
    agent.signal(Signal.KILL);
    agent.awaitExit();
  }
}
