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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The definitions of our kinds are removed from a server of its own, and put back. */
@KernelTest
@ApiServerTest
class AgentDefinitionKernelTest {
  @Test
  void whatGoesWithTheDefinitionsStaysOnTheNode(
      CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder) throws Exception {
    try (ApiServer api = ApiServer.startAnother("definitions");
        AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.applyTenant(1);
      Task task = bed.processIn(bed.pod("web-1"));
      Path pin = bpffs.resolve("taskstorage").resolve(bed.map().replace('-', '_'));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(task.tid(), "1 0"));
        // A map is filled before it is public.
        await().atMost(AgentBed.LIMIT).until(() -> Files.exists(pin));
        Object inode = Files.getAttribute(pin, "unix:ino");

        // When
        bed.kubectl("delete", "-k", bed.crds());

        // Then
        await()
            .atMost(AgentBed.LIMIT)
            .untilAsserted(
                () ->
                    assertThat(AgentEndpoint.get(agent, "/readyz"))
                        .startsWith("200 ok\n")
                        .contains("list and watch taskstoragemaps of")
                        .contains("list and watch clustertaskstoragepolicies of")
                        .contains("the kind is not served: apply crds/"));
        bed.tenant(2);
        bed.awaitValues(Map.of(task.tid(), "2 0"));

        // When
        bed.installDefinitions();

        // Then
        await()
            .atMost(AgentBed.LIMIT)
            .untilAsserted(
                () ->
                    assertThat(AgentEndpoint.get(agent, "/readyz"))
                        .contains(
                            "stays in force (objects: 1, such as "
                                + bed.map()
                                + "): apply it again")
                        .doesNotContain("the kind is not served"));
        assertThat(bed.values()).isEqualTo(Map.of(task.tid(), "2 0"));

        // When
        bed.apply(bed.mapManifest(), bed.tenantPolicy());

        // Then
        AgentEndpoint.awaitAllWell(agent);
        bed.tenant(3);
        bed.awaitValues(Map.of(task.tid(), "3 0"));
        assertThat(Files.getAttribute(pin, "unix:ino")).as("the same pin").isEqualTo(inode);

        // When
        bed.kubectl("delete", "ctspolicy", "tenant-" + bed.namespace());

        // Then
        bed.awaitValues(Map.of());
      }
    }
  }
}
