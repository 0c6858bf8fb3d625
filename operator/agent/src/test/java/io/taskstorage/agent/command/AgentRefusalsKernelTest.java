package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the plane in the kernel is refused an agent passes over the tasks, and says so. */
@KernelTest
@ApiServerTest
class AgentRefusalsKernelTest {
  @ParameterizedTest
  @CsvSource({
    "MEMBER, TaskStorage ThreadPidfd KernelBtf TracingPrograms",
    "TRACEPOINT, TaskStorage ThreadPidfd KernelBtf TracingPrograms",
    "VERIFIER, TaskStorage ThreadPidfd KernelBtf TracingPrograms",
    "CAPABILITY, TaskStorage ThreadPidfd KernelBtf"
  })
  void logEndpointAndNodeStateSayIt(
      InKernelRefusal refusal,
      String features,
      ApiServer api,
      CgroupSandbox cgroups,
      @BpffsMount Path bpffs,
      @TempDir Path folder) {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.applyTenant(42);
      Task task = bed.processIn(bed.pod("web-1"));

      // When
      try (Child agent = refusal.befall(bed.jvm().command(), folder).start()) {
        agent.awaitErrorLine("msg=\"plane Rescan, not InKernel: ");
        agent.awaitErrorLine("msg=ready");

        // Then
        bed.awaitValues(Map.of(task.tid(), "42 0"));
        bed.awaitNodeState("{.status.maps[0].state}", "Programmed");
        bed.awaitNodeState("{.status.agent.propagation}", "Rescan");
        bed.awaitNodeState("{.status.agent.features[*]}", features);
        assertThat(agent.stderr()).contains(refusal.mend());
        assertThat(AgentEndpoint.get(agent, "/readyz"))
            .startsWith("200 ok\n")
            .contains("plane Rescan, not InKernel: " + refusal.reason(), refusal.mend());
        agent.signal(Signal.TERM);
        assertThat(agent.awaitExit().exitCode()).isZero();
      }
    }
  }
}
