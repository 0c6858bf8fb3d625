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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tasks of pods an agent counts as late, to the number. */
@KernelTest
@ApiServerTest
class AgentLateKernelTest {
  private static final String LATE = "{.status.maps[0].entries.late}";
  private static final String POLICIES = "{.status.maps[0].policies[*]}";

  private final Map<Integer, String> expected = new HashMap<>();

  @Test
  void whatStartsWhileNoAgentRunsIsLateAtItsReturn(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = bed(api, cgroups, bpffs, folder)) {
      // Given
      started(bed.processIn(bed.pod("there").create("c1")));
      try (Child agent = bed.start()) {
        awaitInForce(bed, 1);
        kill(agent);
      }

      // When: three pods with five tasks
      Cgroup container = bed.pod("new-1").create("c1");
      Task server = started(bed.processIn(container));
      started(server.thread());
      started(server.fork());
      started(bed.processIn(bed.pod("new-2").create("c1")));
      started(bed.processIn(bed.pod("new-3")));
      try (Child agent = bed.start()) {
        // Then
        bed.awaitValues(expected);
        bed.awaitNodeState(LATE, "5");
        kill(agent);
      }

      // When: nobody is late, and the count goes on
      started(server.thread());
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=ready");
        started(bed.processIn(container));

        // Then
        assertThat(bed.values()).isEqualTo(expected);
        assertThat(written(agent, "late")).isZero();
        assertThat(bed.nodeState(LATE)).isEqualTo("5");
      }
    }
  }

  @Test
  void whatANewPolicyBringsToTasksThatRanBeforeIsNotLate(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder)
      throws IOException {
    try (AgentBed bed = bed(api, cgroups, bpffs, folder)) {
      // Given
      started(bed.processIn(bed.pod("there").create("c1")));
      try (Child agent = bed.start()) {
        awaitInForce(bed, 1);
        bed.awaitRemembered(text -> text.contains("tenant-" + bed.namespace()));
        kill(agent);
      }

      // When: what is in force at its return is another policy, and it remembers no pods and
      // policies
      Files.delete(bed.stateDir().resolve("api-state"));
      started(bed.processIn(bed.pod("meanwhile")));
      bed.apply(bed.tenantPolicy().replace("priority: 100", "priority: 200"));
      try (Child agent = bed.start()) {
        // Then
        bed.awaitValues(expected);
        assertThat(written(agent, "late")).isZero();
        assertThat(written(agent, "created")).isEqualTo(1);
        awaitInForce(bed, 2);

        // When: it goes, and another one of the name and the text comes
        bed.kubectl("delete", "ctspolicy", "tenant-" + bed.namespace());
        bed.awaitValues(Map.of());
        bed.apply(bed.tenantPolicy());

        // Then
        bed.awaitValues(expected);
        assertThat(written(agent, "late")).isZero();
      }
    }
  }

  @Test
  void inPodsThatAreMadeAsUsualOnlyThoseAreLateThatRanBeforeTheRow(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = bed(api, cgroups, bpffs, folder)) {
      // Given
      started(bed.processIn(bed.pod("there")));
      try (Child agent = bed.start()) {
        awaitInForce(bed, 1);

        // When: the pod's cgroup first, tasks when it has its row
        for (int pod = 1; pod <= 5; pod++) {
          Cgroup cgroup = bed.pod("usual-" + pod);
          awaitRows(agent, pod + 1);
          Task server = started(bed.processIn(cgroup.create("c1")));

          // Then
          assertThat(bed.values()).containsEntry(server.tid(), "1 0");
        }
        assertThat(bed.values()).isEqualTo(expected);
        assertThat(written(agent, "late")).isZero();

        // When: tasks at once
        int before = inTime(agent);
        List<Task> atOnce = new ArrayList<>();
        for (int pod = 1; pod <= 10; pod++) {
          Cgroup container = bed.pod("at-once-" + pod).create("c1");
          atOnce.add(started(bed.processIn(container)));
          atOnce.add(started(bed.processIn(container)));
        }
        awaitRows(agent, 16);

        // Then: each has its value by birth, or late
        bed.awaitValues(expected);
        await()
            .atMost(AgentBed.LIMIT)
            .untilAsserted(
                () ->
                    assertThat(written(agent, "late") + inTime(agent) - before)
                        .isEqualTo(atOnce.size()));
      }
    }
  }

  @Test
  void whatWaitsForThePodsStatusIsLate(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given: a value for containers alone
      bed.apply(bed.mapManifest(), bed.qosPolicy(3));
      Cgroup pod = bed.pod("web");
      try (Child agent = bed.start()) {
        await()
            .atMost(AgentBed.LIMIT)
            .untilAsserted(() -> assertThat(bed.nodeState(POLICIES)).matches("[0-9a-f]{12}:1"));

        // When
        Task server = bed.processIn(pod.create("cri-containerd-c1.scope"));
        Task thread = server.thread();
        bed.processIn(pod.create("cri-containerd-pause.scope"));
        bed.running("web", "c1");

        // Then
        bed.awaitValues(Map.of(server.tid(), "0 3", thread.tid(), "0 3"));
        bed.awaitNodeState(LATE, "2");
        assertThat(written(agent, "late")).isEqualTo(2);
      }
    }
  }

  private AgentBed bed(ApiServer api, CgroupSandbox cgroups, Path bpffs, Path folder) {
    AgentBed bed = new AgentBed(api, folder, bpffs, cgroups);
    bed.applyTenant(1);
    return bed;
  }

  private Task started(Task task) {
    expected.put(task.tid(), "1 0");
    return task;
  }

  /** The state tells of a turn after its end: what was in force in it is remembered. */
  private void awaitInForce(AgentBed bed, int generation) {
    bed.awaitValues(expected);
    await()
        .atMost(AgentBed.LIMIT)
        .untilAsserted(
            () -> assertThat(bed.nodeState(POLICIES)).matches("[0-9a-f]{12}:" + generation + "m"));
  }

  private static void awaitRows(Child agent, int rows) {
    await()
        .atMost(AgentBed.LIMIT)
        .untilAsserted(() -> assertThat(metric(agent, "taskstorage_rows")).isEqualTo(rows));
  }

  private static int written(Child agent, String cause) {
    return metric(agent, "taskstorage_entries_written_total\\{cause=\"" + cause + "\"}");
  }

  /** Tasks that had their value before they ran: by a program, or by a sweep that met them new. */
  private static int inTime(Child agent) {
    return written(agent, "created")
        + metric(agent, "taskstorage_starts_total\\{by=\"birth\"}")
        + metric(agent, "taskstorage_starts_total\\{by=\"wakeup\"}");
  }

  private static int metric(Child agent, String name) {
    Matcher line =
        Pattern.compile("(?m)^" + name + " ([0-9]+)").matcher(AgentEndpoint.get(agent, "/metrics"));
    assertThat(line.find()).as(name).isTrue();
    return Integer.parseInt(line.group(1));
  }

  private static void kill(Child agent) {
    agent.signal(Signal.KILL);
    agent.awaitExit();
  }
}
