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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent of a node of a real API server: what its tasks carry, and what it says of it. */
@KernelTest
@ApiServerTest
class AgentKernelTest {
  @Test
  void podsAndContainersCarryWhatPoliciesSayFromTheFirstTurnOn(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder)
      throws IOException {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.applyTenant(42);
      bed.apply(bed.qosPolicy(5));
      Cgroup pod = bed.pod("web-1");
      bed.running("web-1", "c1");
      Task pause = bed.processIn(pod.create("cri-containerd-pause.scope"));
      Task server = bed.processIn(pod.create("cri-containerd-c1.scope"));
      Task host = bed.processIn(cgroups.create("system.slice"));

      // When
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=ready");

        // Then
        bed.awaitValues(Map.of(pause.tid(), "42 0", server.tid(), "42 5"));
        assertThat(bed.values()).doesNotContainKey(host.tid());
        assertThat(AgentEndpoint.get(agent, "/readyz")).isEqualTo("200 ok\n");
        assertThat(AgentEndpoint.get(agent, "/debug/state"))
            .contains(bed.map(), "web-1")
            .doesNotContain("uint(ns.labels");
        bed.awaitNodeState("{.status.maps[0].state}", "Programmed");
        bed.awaitNodeState("{.status.maps[0].entries.pods}", "1");
        bed.awaitNodeState("{.status.maps[0].entries.containers}", "1");
        bed.awaitNodeState("{.status.agent.propagation}", "InKernel");
        bed.awaitNodeState(
            "{.status.agent.bootID}",
            Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
        assertThat(bed.nodeState("{.metadata.managedFields[*].manager}"))
            .contains("taskstorage-agent");
        assertThat(bed.nodeState("{.status.maps[0].policies[*]}"))
            .matches("[0-9a-f]{12}:1m [0-9a-f]{12}:1m");
        end(agent);
      }
      assertThat(bed.values()).as("an end leaves values in force").hasSize(2);
    }
  }

  @Test
  void whatChangesInTheClusterChangesOnTheTasks(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.applyTenant(1);
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=ready");

        // When, Then: a pod comes
        Cgroup pod = bed.pod("web-1");
        Task task = bed.processIn(pod.create("cri-containerd-c1.scope"));
        bed.awaitValues(Map.of(task.tid(), "1 0"));

        // its namespace is labelled anew
        bed.kubectl("label", "--overwrite", "namespace", bed.namespace(), "tenant=2");
        bed.awaitValues(Map.of(task.tid(), "2 0"));

        // a policy for its container comes before the container's id is known
        bed.apply(bed.qosPolicy(7));
        bed.running("web-1", "c1");
        bed.awaitValues(Map.of(task.tid(), "2 7"));

        // the pod is labelled so that the policy takes it no longer
        bed.kubectl("-n", bed.namespace(), "label", "pod", "web-1", "--overwrite", "app=other");
        bed.awaitValues(Map.of(task.tid(), "2 0"));

        // the label that a value comes from is gone
        bed.kubectl("label", "namespace", bed.namespace(), "tenant-");
        bed.awaitValues(Map.of(task.tid(), "0 0"));
        bed.awaitNodeState("{.status.failures[0].field} {.status.failures[0].pods}", "tenant 1");
        bed.awaitNodeState("{.status.failures[0].examplePod}", bed.namespace() + "/web-1");

        // the policies are deleted
        bed.kubectl("delete", "ctspolicy", "tenant-" + bed.namespace());
        bed.kubectl("-n", bed.namespace(), "delete", "tspolicy", "qos");
        bed.awaitValues(Map.of());

        // the map is deleted
        bed.kubectl("delete", "tsmap", bed.map());
        await().atMost(AgentBed.LIMIT).until(() -> bed.nodeState("{.status.maps}").equals("[]"));
        end(agent);
      }
    }
  }

  @Test
  void anAgentThatIsStartedWithoutAnApiServerGoesOnWithItsCheckpoint(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.applyTenant(3);
      Cgroup pod = bed.pod("web-1");
      Task before = bed.processIn(pod.create("c1"));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(before.tid(), "3 0"));
        end(agent);
      }

      // When
      bed.proxy().fault(_ -> true, new Fault.Cut());
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=\"beginning with a checkpoint\"");
        agent.awaitErrorLine("msg=ready");
        Task during = bed.processIn(pod);

        // Then
        bed.awaitValues(Map.of(before.tid(), "3 0", during.tid(), "3 0"));
        await()
            .atMost(AgentBed.LIMIT)
            .untilAsserted(
                () ->
                    assertThat(AgentEndpoint.get(agent, "/readyz"))
                        .startsWith("200 ok\n")
                        .contains("from a checkpoint: pods, nodes, namespaces")
                        .contains("list and watch pods of http://127.0.0.1:"));

        // When
        bed.proxy().mend();
        bed.kubectl("label", "--overwrite", "namespace", bed.namespace(), "tenant=4");

        // Then
        bed.awaitValues(Map.of(before.tid(), "4 0", during.tid(), "4 0"));
        await()
            .atMost(AgentBed.LIMIT)
            .until(() -> AgentEndpoint.get(agent, "/readyz").equals("200 ok\n"));
        end(agent);
      }
    }
  }

  @Test
  void withoutApiServerAndCheckpointItIsNotReadyAndTouchesNothing(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.proxy().fault(_ -> true, new Fault.Refuse(503, 0));

      // When
      try (Child agent = bed.start()) {
        await()
            .atMost(AgentBed.LIMIT)
            .untilAsserted(
                () ->
                    assertThat(AgentEndpoint.get(agent, "/readyz"))
                        .startsWith("503 list and watch pods of http")
                        .contains("answer 503 (a fault)"));

        // Then
        assertThat(AgentEndpoint.get(agent, "/healthz")).isEqualTo("200 ok\n");
        assertThat(bed.values()).isEmpty();
        end(agent);
      }
    }
  }

  /** Ends it as a kubelet does; it leaves on its own. */
  private static void end(Child agent) {
    agent.signal(Signal.TERM);
    assertThat(agent.awaitExit().exitCode()).isZero();
  }
}
