package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.MAP;
import static io.taskstorage.agent.command.Runs.policy;
import static io.taskstorage.agent.command.WebTenant.end;
import static io.taskstorage.agent.command.WebTenant.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.taskstore.Records;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} makes of what it finds: of others, and of runs before it. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunAdoptionKernelTest {
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

  @Test
  void afterKillANewRunAdoptsChangesNothingThatWasRightAndMendsWhatWasNot() {
    // Given
    Task right = web.process();
    Task changed = web.process();
    Task deleted = web.process();
    Task stray = web.processIn(web.cgroups().create("other").path());
    web.tenant(7);
    int id;
    try (Child run = web.runs().start()) {
      run.awaitLine("^ready: 1 map, 1 policy, 1 cgroup, 3 entries$");
      id = web.runs().mapId();
      run.signal(Signal.KILL);
      run.awaitExit();
    }
    Records.set(web.runs().map(), changed.tid(), value(web.runs().map(), 8, 5, "web"));
    Records.delete(web.runs().map(), deleted.tid());
    Records.set(web.runs().map(), stray.tid(), value(web.runs().map(), 7, 0, "web"));

    // When
    try (Child run = web.run()) {
      // Then
      assertThat(web.runs().mapId()).isEqualTo(id);
      assertThat(run.stdout())
          .contains("reclaim Delete: adopted with its entries\n")
          .doesNotContain("publish");
      assertThat(sweeps(run)).hasSize(1);
      // The row was in force all the time, so what was wrong was late, or written by somebody else.
      assertThat(sweeps(run).getFirst()).contains("tasks 3  deleted 1  late 1  foreign 1");
      web.awaitValues(
          Map.of(right.tid(), "7 web 0", changed.tid(), "7 web 5", deleted.tid(), "7 web 0"));
      end(run);
    }
  }

  @Test
  void aSecondRunIsToldWhoHoldsTheNode() {
    // Given
    web.runs().write("all.yaml", MAP);
    try (Child first = web.run()) {
      // When
      Outcome second = web.runs().command().run();

      // Then
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.stdout()).isEmpty();
      assertThat(second.stderr())
          .isEqualTo(
              "lock %s: held by process %d: end it, or let it do the work\n"
                  .formatted(web.runs().tree().agentFolder(), first.pid()));
      end(first);
    }
  }

  @Test
  void whatAnEarlierRunLeftStaysUntilEveryManifestCanBeRead() {
    // Given
    Task task = web.process();
    web.runs().write("map.yaml", MAP);
    web.runs().write("web.yaml", policy("web", 1, web.cgroup().pathFromRoot(), 7));
    web.runs().command("--once", "--keep").run().stdoutIfDone();

    // When
    web.runs().write("web.yaml", policy("web", 1, web.cgroup().pathFromRoot(), 8) + "oops: [\n");
    try (Child run = web.runs().start("--keep")) {
      run.awaitLine("^ready: ");

      // Then
      assertThat(run.stdout())
          .contains(
              "TaskStorageMap tenant-ctx: Ready False  Reconciling: stays as an earlier run left it"
                  + " until every manifest can be read\n");
      assertThat(web.runs().values()).isEqualTo(Map.of(task.tid(), "7 web 0"));

      // When
      web.runs().write("web.yaml", policy("web", 1, web.cgroup().pathFromRoot(), 8));

      // Then
      web.awaitValues(Map.of(task.tid(), "8 web 0"));
      end(run);
    }
  }

  @Test
  void aLostPublicPinIsMadeAgain() throws IOException {
    // Given
    web.runs().write("all.yaml", MAP);
    try (Child run = web.run()) {
      Path pin = web.runs().tree().publicPin(web.runs().map().bpfName());
      int id = web.runs().mapId();

      // When
      Files.delete(pin);

      // Then
      await().atMost(WebTenant.LIMIT).until(() -> Files.exists(pin));
      assertThat(web.runs().mapId()).isEqualTo(id);
      end(run);
    }
  }

  private static List<String> sweeps(Child run) {
    return run.stdout().lines().filter(line -> line.startsWith("tasks: sweep")).toList();
  }
}
