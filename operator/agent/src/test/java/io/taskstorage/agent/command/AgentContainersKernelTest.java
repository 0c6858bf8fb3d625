package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent and the code of container runtimes: containers have values of their own at once. */
@KernelTest
@ApiServerTest
class AgentContainersKernelTest {
  @Test
  void aContainerHasItsOwnValueBeforeItsFirstInstruction(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder)
      throws IOException {
    Path socket = Files.createDirectory(folder.resolve("nri")).resolve("nri.sock");
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      Cgroup pod = podOfTenant42(bed);
      String uid = bed.uid("web-1");
      try (Child agent = bed.start("--nri=" + socket);
          ContainerRuntime runtime = ContainerRuntime.listen(socket, "--request-timeout=1m")) {
        runtime.awaitSynchronized(0);
        agent.awaitErrorLine("msg=ready");
        agent.awaitErrorLine("msg=\"container events: connected to played 1.0\"");

        // When: the API server never tells of the container's id
        runtime.create(uid, "server", "c1");
        Cgroup container = pod.create("cri-containerd-c1.scope");
        try (HeldProcess first = HeldProcess.in(container.path(), folder)) {
          runtime.start(uid, "server", "c1");

          // Then: without waiting for anything
          Map<Integer, String> expected = Map.of(first.pid(), "42 5");
          assertThat(bed.values()).isEqualTo(expected);
          first.release();
          assertThat(bed.values()).isEqualTo(expected);
          bed.awaitNodeState(
              "{.status.agent.features[*]}",
              "TaskStorage ThreadPidfd KernelBtf TracingPrograms ContainerEvents");
          assertThat(AgentEndpoint.get(agent, "/debug/state")).contains("connected to played 1.0");
          assertThat(AgentEndpoint.get(agent, "/metrics"))
              .contains("taskstorage_container_events_connected 1.0")
              .contains("taskstorage_container_starts_total{outcome=\"timeout\"} 0.0");
        }

        // When: it starts anew under another id, and nobody has told of that before
        runtime.remove(uid, "server", "c1");
        Cgroup next = pod.create("cri-containerd-c2.scope");
        try (HeldProcess second = HeldProcess.in(next.path(), folder)) {
          runtime.start(uid, "server", "c2");

          // Then
          assertThat(bed.values()).isEqualTo(Map.of(second.pid(), "42 5"));
        }

        // When: one of a pod that nobody knows
        runtime.start("nobody", "server", "c3");

        // Then: it is not held for longer than a turn
        assertThat(AgentEndpoint.get(agent, "/metrics"))
            .contains("taskstorage_container_starts_total{outcome=\"unknown\"} 1.0")
            .contains("taskstorage_container_starts_total{outcome=\"timeout\"} 0.0");
        end(agent);
      }
    }
  }

  @Test
  void whatRunsIsKnownFromTheRuntimeAfterEachOfItsRestarts(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder)
      throws IOException {
    Path socket = Files.createDirectory(folder.resolve("nri")).resolve("nri.sock");
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      Cgroup pod = podOfTenant42(bed);
      String uid = bed.uid("web-1");
      try (Child agent = bed.start("--nri=" + socket)) {
        agent.awaitErrorLine("msg=ready");

        // When: more than one message can tell
        try (ContainerRuntime runtime = ContainerRuntime.listen(socket, "--pods=1000")) {
          runtime.awaitSynchronized(1000);
        }

        // Then
        awaitNri(agent, "no socket at");

        // When: a new one, and an agent that does not answer in time
        try (ContainerRuntime runtime = ContainerRuntime.listen(socket, "--request-timeout=1s")) {
          runtime.awaitSynchronized(0);
          agent.signal(Signal.STOP);
          Cgroup container = pod.create("cri-containerd-c1.scope");
          try (HeldProcess first = HeldProcess.in(container.path(), folder)) {
            runtime.start(uid, "server", "c1");
            first.release();
            agent.signal(Signal.CONT);

            // Then: the container runs, and it is told when the agent comes back
            runtime.awaitSynchronized(1);
            bed.awaitValues(Map.of(first.pid(), "42 5"));
            awaitNri(agent, "connected to played 1.0");
          }
        }
        end(agent);
      }
    }
  }

  /** With a policy of its own for its container {@code server}. */
  private static Cgroup podOfTenant42(AgentBed bed) {
    bed.applyTenant(42);
    bed.apply(bed.qosPolicy(5));
    return bed.pod("web-1");
  }

  private static void awaitNri(Child agent, String expected) {
    await()
        .atMost(AgentBed.LIMIT)
        .untilAsserted(
            () -> assertThat(AgentEndpoint.get(agent, "/debug/state")).contains(expected));
  }

  private static void end(Child agent) {
    agent.signal(Signal.TERM);
    assertThat(agent.awaitExit().exitCode()).isZero();
  }
}
