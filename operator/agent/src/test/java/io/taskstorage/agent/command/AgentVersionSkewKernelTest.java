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
import io.taskstorage.testkit.cluster.OtherDefinition;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent on a server of its own whose definitions are of a newer version, or of an older one. */
@KernelTest
@ApiServerTest
class AgentVersionSkewKernelTest {
  /** Reports of changes that are told one after the other may be one or two each. */
  private static final int MOST_REPORTS = 6;

  @Test
  void whatANewerVersionSaysIsRefusedAloneAndAnOlderOneLacksNothingThatIsNeeded(
      CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) {
    try (ApiServer api = ApiServer.startAnother("skew");
        AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.applyTenant(1);
      Task task = bed.processIn(bed.pod("web-1"));
      try (Child _ = bed.start()) {
        bed.awaitValues(Map.of(task.tid(), "1 0"));
        newer(api, bed, task);
      }
      older(api, bed, task);
    }
  }

  private static void newer(ApiServer api, AgentBed bed, Task task) {
    // When
    OtherDefinition.of("taskstoragemaps").with("spec.colour", "{\"type\":\"string\"}").install(api);
    OtherDefinition.of("clustertaskstoragepolicies")
        .withWord("spec.tier", "Late")
        .with("spec.priority", "{\"x-kubernetes-preserve-unknown-fields\":true}")
        .install(api);
    awaitApplied(bed, bed.tenantPolicy().replace("tier: Admin", "tier: Late"));

    // Then
    bed.awaitNodeState("{.status.failures[*].reason}", "UnsupportedField");
    bed.awaitNodeState("{.status.failures[*].policy}", "tenant-" + bed.namespace());
    bed.awaitNodeState("{.status.maps[0].state}", "Programmed");
    assertThat(bed.values()).isEqualTo(Map.of(task.tid(), "1 0"));

    // When there is one that no type of this version can hold
    String odd = bed.tenantPolicy().replace("name: tenant-", "name: odd-");
    awaitApplied(bed, odd.replace("priority: 100", "priority: {of: later}"));

    // Then
    bed.awaitNodeState("{.status.failures[*].reason}", "UnsupportedField UnsupportedField");

    // When
    bed.tenant(2);
    bed.apply(bed.qosPolicy(3).replace(", containerNames: [server]", ""));

    // Then: what was in force goes on, and so does every other object
    bed.awaitValues(Map.of(task.tid(), "2 3"));

    // When
    awaitApplied(bed, bed.mapManifest().replace("bpfName:", "colour: red\n  bpfName:"));

    // Then
    bed.awaitNodeState(
        "{.status.maps[*].state} {.status.maps[*].reason} {.status.maps[*].generation}",
        "Failed UnsupportedField 2");
    bed.tenant(4);
    bed.awaitValues(Map.of(task.tid(), "4 3"));

    // When: all are as this version knows them
    bed.kubectl("delete", "ctspolicy", "odd-" + bed.namespace());
    bed.apply(bed.tenantPolicy());
    bed.kubectl(
        "patch", "tsmap", bed.map(), "--type=json", "-p", "[{op: remove, path: /spec/colour}]");

    // Then
    bed.awaitNodeState("{.status.maps[*].state} {.status.maps[*].generation}", "Programmed 3");
    bed.awaitNodeState("{.status.failures}", "");
    assertThat(bed.values()).isEqualTo(Map.of(task.tid(), "4 3"));
  }

  private static void older(ApiServer api, AgentBed bed, Task task) {
    // Given
    OtherDefinition.of("taskstoragemaps").without("spec.maxFailedNodes").install(api);
    OtherDefinition.of("taskstoragenodestates")
        .without("status.agent.bootID")
        .without("status.maps[].entries")
        .install(api);
    awaitPruned(bed);
    int reported = reports(bed);

    // When
    try (Child agent = bed.start()) {
      bed.awaitNodeState("{.status.agent.kernelVersion}", System.getProperty("os.version"));
      bed.tenant(5);

      // Then
      bed.awaitValues(Map.of(task.tid(), "5 3"));
      bed.tenant(6);
      bed.awaitValues(Map.of(task.tid(), "6 3"));
      AgentEndpoint.awaitAllWell(agent);
      assertThat(bed.nodeState("{.status.agent.bootID}{.status.maps[*].entries}")).isEmpty();
      assertThat(bed.nodeState("{.status.maps[*].state}")).isEqualTo("Programmed");
      assertThat(reports(bed) - reported).isBetween(1, MOST_REPORTS);
    }
  }

  /** The server goes by another definition a little after it has it. */
  private static void awaitApplied(AgentBed bed, String document) {
    await().atMost(AgentBed.LIMIT).untilAsserted(() -> bed.apply(document));
  }

  /** Until the server leaves out what its definition does not have any more. */
  private static void awaitPruned(AgentBed bed) {
    await()
        .atMost(AgentBed.LIMIT)
        .untilAsserted(
            () ->
                assertThat(
                        bed.kubectl(
                            "patch",
                            "tsnode",
                            bed.node(),
                            "--subresource=status",
                            "--type=merge",
                            "--patch",
                            "{\"status\":{\"agent\":{\"bootID\":\"b\",\"kernelVersion\":\"none\"}}}",
                            "-o",
                            "jsonpath={.status.agent.bootID}"))
                    .isEmpty());
  }

  private static int reports(AgentBed bed) {
    return (int) bed.proxy().seen().stream().filter(seen -> seen.method().equals("PATCH")).count();
  }
}
