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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent remembers of the API server is damaged, or cannot be written. */
@KernelTest
@ApiServerTest
class AgentCheckpointKernelTest {
  @Test
  void aDamagedOneIsDiscardedAsIfThereWereNone(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder)
      throws IOException {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.applyTenant(1);
      Task task = bed.processIn(bed.pod("web-1"));
      try (Child agent = bed.start()) {
        bed.awaitValues(Map.of(task.tid(), "1 0"));
        bed.awaitRemembered(text -> text.contains(bed.map()));
        agent.signal(Child.Signal.KILL);
        agent.awaitExit();
      }
      Path file = bed.stateDir().resolve("api-state");
      Files.writeString(file, "more", StandardOpenOption.APPEND);
      bed.proxy().fault(_ -> true, new Fault.Cut());

      // When
      try (Child agent = bed.start()) {
        // Then
        agent.awaitErrorLine("msg=\"checkpoint discarded\".*reason=");
        await()
            .atMost(AgentBed.LIMIT)
            .untilAsserted(
                () ->
                    assertThat(AgentEndpoint.get(agent, "/readyz"))
                        .startsWith("503 ")
                        .contains("list and watch taskstoragemaps of"));
        assertThat(bed.values()).isEqualTo(Map.of(task.tid(), "1 0"));

        // When
        bed.proxy().mend();
        bed.tenant(2);

        // Then
        bed.awaitValues(Map.of(task.tid(), "2 0"));
        AgentEndpoint.awaitAllWell(agent);
      }
    }
  }

  @Test
  void whereItCannotBeWrittenTheTurnsGoOn(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder)
      throws IOException {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      Files.createDirectory(
          bed.stateDir(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path inTheWay = Files.createDirectory(bed.stateDir().resolve("api-state.next"));
      bed.applyTenant(1);
      Task task = bed.processIn(bed.pod("web-1"));

      // When
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=\"checkpoint not written\"");
        bed.awaitValues(Map.of(task.tid(), "1 0"));
        bed.tenant(2);

        // Then
        bed.awaitValues(Map.of(task.tid(), "2 0"));
        assertThat(AgentEndpoint.get(agent, "/metrics"))
            .containsPattern("taskstorage_checkpoint_writes_total\\{outcome=\"failed\"} [1-9]");
        assertThat(agent.stderr()).containsOnlyOnce("checkpoint not written");

        // When
        Files.delete(inTheWay);
        bed.tenant(3);

        // Then
        bed.awaitRemembered(text -> text.contains("\"tenant\":\"3\""));
        bed.awaitValues(Map.of(task.tid(), "3 0"));
      }
    }
  }
}
