package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.MAP;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How {@code run} ends, and what is left in force. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunEndKernelTest {
  @TempDir Path folder;

  private WebTenant web;

  @BeforeEach
  void start(@BpffsMount Path bpffs, CgroupSandbox cgroups) {
    web = WebTenant.on(folder, bpffs, cgroups);
  }

  @AfterEach
  void endTasks() {
    web.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Signal.class,
      names = {"INT", "TERM"})
  void aSignalIsACleanEnd(Signal signal) {
    // Given
    Task task = web.process();
    web.tenant(7);
    try (Child run = web.run()) {
      // When
      run.signal(signal);
      Outcome outcome = run.awaitExit();

      // Then
      assertThat(outcome.exitCode()).isZero();
      assertThat(outcome.stderr()).isEmpty();
      assertThat(outcome.stdout())
          .contains("map tenant-ctx: remove  name tenant_ctx  reclaim Delete\n")
          .endsWith("ended, in force until now: 1 map, 1 policy, 1 cgroup, 1 entry\n");
      assertThat(web.runs().left()).isEmpty();
      assertThat(task.state()).isEqualTo(Task.State.ALIVE);
    }
  }

  @Test
  void withKeepValuesStayInForce() {
    // Given
    Task task = web.process();
    web.tenant(7);

    // When
    Outcome kept = web.runs().command("--once", "--keep").run();

    // Then
    assertThat(kept.exitCode()).isZero();
    assertThat(kept.stdout())
        .endsWith(
            "ended, values stay in force (taskstorage clean removes them): 1 map, 1 policy, 1"
                + " cgroup, 1 entry\n");
    assertThat(web.runs().values()).isEqualTo(Map.of(task.tid(), "7 web 0"));
    int id = web.runs().mapId();

    // When
    Outcome again = web.runs().command("--once", "--keep").run();

    // Then
    assertThat(again.exitCode()).isZero();
    assertThat(again.stdout()).contains("adopted with its entries").doesNotContain("tasks: sweep");
    assertThat(web.runs().mapId()).isEqualTo(id);

    // When
    Outcome removed = web.runs().command("--once").run();

    // Then
    assertThat(removed.exitCode()).isZero();
    assertThat(web.runs().left()).isEmpty();
  }

  @Test
  void aRetainedMapStaysAtTheEndAndIsAdoptedByTheNext() {
    // Given
    String retained = MAP.replace("  bpfName", "  reclaimPolicy: Retain\n  bpfName");
    web.runs().write("all.yaml", retained);

    // When
    Outcome first = web.runs().command("--once").run();
    int id = web.runs().mapId();
    Outcome second = web.runs().command("--once", "--keep").run();

    // Then
    assertThat(first.exitCode()).isZero();
    assertThat(second.stdout()).contains("adopted with its entries");
    assertThat(web.runs().mapId()).isEqualTo(id);
    assertThat(web.runs().left()).containsExactly("taskstorage", "taskstorage_agent");
  }
}
