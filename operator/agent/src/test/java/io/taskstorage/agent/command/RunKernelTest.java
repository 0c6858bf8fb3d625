package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.MAP;
import static io.taskstorage.agent.command.Runs.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.Records;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The standalone agent on the real kernel: from a folder to values on tasks, and to its end. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunKernelTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;

  private Runs runs;
  private CgroupSandbox cgroups;
  private Tasks tasks;

  @BeforeEach
  void start(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    runs = new Runs(folder, bpffs, sandbox.root());
    cgroups = sandbox;
    tasks = Tasks.start();
  }

  @AfterEach
  void end() {
    tasks.close();
  }

  @Test
  void valuesReachTenThousandExistingTasks() {
    // Given
    Cgroup web = cgroups.create("web");
    Task process = tasks.processIn(web.path());
    List<Task> threads = process.threads(9_999);
    runs.write("all.yaml", MAP, policy("web", 1, web.pathFromRoot(), 7));

    // When
    try (Child run = runs.start()) {
      run.awaitLine("^ready: 1 map, 1 policy, 1 cgroup, 10000 entries$");

      // Then
      Map<Integer, String> values = runs.values();
      assertThat(values).hasSize(10_000).containsKey(process.tid());
      assertThat(values.keySet()).containsAll(threads.stream().map(Task::tid).toList());
      assertThat(values.values()).containsOnly("7 web 0");
      end(run);
    }
  }

  @Test
  void newTasksAndTasksOfNestedCgroupsAreFoundWithinTheInterval() {
    // Given
    Cgroup web = cgroups.create("web");
    Cgroup other = cgroups.create("other");
    runs.write("all.yaml", MAP, policy("web", 1, web.pathFromRoot(), 7));
    try (Child run = runs.start()) {
      run.awaitLine("^ready: ");

      // When
      Task direct = tasks.processIn(web.path());
      Task thread = direct.thread();
      Task nested = tasks.processIn(web.create("a", "b").path());
      Task elsewhere = tasks.processIn(other.path());
      Task mover = tasks.processIn(other.path());
      mover.moveTo(web.path());

      // Then
      awaitValues(
          Map.of(
              direct.tid(), "7 web 0",
              thread.tid(), "7 web 0",
              nested.tid(), "7 web 0",
              mover.tid(), "7 web 0"));

      // When
      mover.moveTo(other.path());
      awaitValues(
          Map.of(direct.tid(), "7 web 0", thread.tid(), "7 web 0", nested.tid(), "7 web 0"));

      // Then
      assertThat(elsewhere.state()).isEqualTo(Task.State.ALIVE);
      end(run);
    }
  }

  @Test
  void aCgroupThatIsMadeLaterIsSelectedByItsPath() {
    // Given
    String path = cgroups.top().pathFromRoot() + "/later";
    runs.write("all.yaml", MAP, policy("later", 1, path, 7));
    try (Child run = runs.start()) {
      run.awaitLine("ClusterTaskStoragePolicy later: Ready True {2}NoMatch");

      // When
      Task task = tasks.processIn(cgroups.create("later").path());

      // Then
      run.awaitLine("cgroup \\d+: assign {2}path " + path);
      awaitValues(Map.of(task.tid(), "7 web 0"));

      // When
      task.exit();
      task.reap();
      cgroups.create("later").remove();

      // Then
      run.awaitLine("cgroup \\d+: unassign {2}path " + path);
      end(run);
    }
  }

  @Test
  void aChangeOfTheFolderReachesTheTasks() {
    // Given
    Cgroup web = cgroups.create("web");
    Task task = tasks.processIn(web.path());
    runs.write("map.yaml", MAP);
    runs.write("web.yaml", policy("web", 10, web.pathFromRoot(), 7));
    try (Child run = runs.start()) {
      run.awaitLine("^ready: ");
      awaitValues(Map.of(task.tid(), "7 web 0"));
      int id = runs.mapId();

      // When
      runs.write("web.yaml", policy("web", 10, web.pathFromRoot(), 8));
      // Then
      awaitValues(Map.of(task.tid(), "8 web 0"));

      // When
      runs.write("first.yaml", policy("first", 1, web.pathFromRoot(), 9));
      // Then
      awaitValues(Map.of(task.tid(), "9 web 0"));
      run.awaitLine("ClusterTaskStoragePolicy web: Ready True {2}Overridden");

      // When
      runs.write("first.yaml", "");
      runs.write("web.yaml", "");
      // Then
      awaitValues(Map.of());
      assertThat(runs.mapId()).isEqualTo(id);
      end(run);
    }
  }

  @Test
  void whatAProgramWroteIsKeptAcrossPolicyChanges() {
    // Given
    Cgroup web = cgroups.create("web");
    Task task = tasks.processIn(web.path());
    runs.write("all.yaml", MAP, policy("web", 1, web.pathFromRoot(), 7));
    try (Child run = runs.start()) {
      run.awaitLine("^ready: ");

      // When
      Records.set(runs.map(), task.tid(), value(7, 41, "web"));
      runs.write("all.yaml", MAP, policy("web", 1, web.pathFromRoot(), 8));

      // Then
      awaitValues(Map.of(task.tid(), "8 web 41"));
      end(run);
    }
  }

  @Test
  void aForeignWriteIsMendedAndCounted() {
    // Given
    Cgroup web = cgroups.create("web");
    Task task = tasks.processIn(web.path());
    runs.write("all.yaml", MAP, policy("web", 1, web.pathFromRoot(), 7));
    try (Child run = runs.start()) {
      run.awaitLine("^ready: ");

      // When
      Records.set(runs.map(), task.tid(), value(666, 3, "evil"));

      // Then
      run.awaitLine("tasks: sweep {2}map tenant-ctx {2}tasks 1 {2}foreign 1");
      awaitValues(Map.of(task.tid(), "7 web 3"));
      end(run);
    }
  }

  @Test
  void afterKillANewRunAdoptsChangesNothingThatWasRightAndMendsWhatWasNot() {
    // Given
    Cgroup web = cgroups.create("web");
    Task right = tasks.processIn(web.path());
    Task changed = tasks.processIn(web.path());
    Task deleted = tasks.processIn(web.path());
    Task stray = tasks.processIn(cgroups.create("other").path());
    runs.write("all.yaml", MAP, policy("web", 1, web.pathFromRoot(), 7));
    int id;
    try (Child run = runs.start()) {
      run.awaitLine("^ready: 1 map, 1 policy, 1 cgroup, 3 entries$");
      id = runs.mapId();
      run.signal(Signal.KILL);
      run.awaitExit();
    }
    Records.set(runs.map(), changed.tid(), value(8, 5, "web"));
    Records.delete(runs.map(), deleted.tid());
    Records.set(runs.map(), stray.tid(), value(7, 0, "web"));

    // When
    try (Child run = runs.start()) {
      run.awaitLine("^ready: ");

      // Then
      assertThat(runs.mapId()).isEqualTo(id);
      assertThat(run.stdout())
          .contains("reclaim Delete: adopted with its entries\n")
          .doesNotContain("publish");
      assertThat(sweeps(run)).hasSize(1);
      assertThat(sweeps(run).getFirst())
          .contains("tasks 3  created 1  updated 1  deleted 1")
          .doesNotContain("foreign");
      awaitValues(
          Map.of(right.tid(), "7 web 0", changed.tid(), "7 web 5", deleted.tid(), "7 web 0"));
      end(run);
    }
  }

  @Test
  void aSecondRunIsToldWhoHoldsTheNode() {
    // Given
    runs.write("all.yaml", MAP);
    try (Child first = runs.start()) {
      first.awaitLine("^ready: ");

      // When
      Outcome second = runs.command().run();

      // Then
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.stdout()).isEmpty();
      assertThat(second.stderr())
          .isEqualTo(
              "lock %s: held by process %d: end it, or let it do the work\n"
                  .formatted(runs.tree().agentFolder(), first.pid()));
      end(first);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Signal.class,
      names = {"INT", "TERM"})
  void aSignalIsACleanEnd(Signal signal) {
    // Given
    Cgroup web = cgroups.create("web");
    Task task = tasks.processIn(web.path());
    runs.write("all.yaml", MAP, policy("web", 1, web.pathFromRoot(), 7));
    try (Child run = runs.start()) {
      run.awaitLine("^ready: ");

      // When
      run.signal(signal);
      Outcome outcome = run.awaitExit();

      // Then
      assertThat(outcome.exitCode()).isZero();
      assertThat(outcome.stderr()).isEmpty();
      assertThat(outcome.stdout())
          .contains("map tenant-ctx: remove  name tenant_ctx  reclaim Delete\n")
          .endsWith("ended, in force until now: 1 map, 1 policy, 1 cgroup, 1 entry\n");
      assertThat(runs.left()).isEmpty();
      assertThat(task.state()).isEqualTo(Task.State.ALIVE);
    }
  }

  @Test
  void withKeepValuesStayInForce() {
    // Given
    Cgroup web = cgroups.create("web");
    Task task = tasks.processIn(web.path());
    runs.write("all.yaml", MAP, policy("web", 1, web.pathFromRoot(), 7));

    // When
    Outcome kept = runs.command("--once", "--keep").run();

    // Then
    assertThat(kept.exitCode()).isZero();
    assertThat(kept.stdout())
        .endsWith(
            "ended, values stay in force (taskstorage clean removes them): 1 map, 1 policy, 1"
                + " cgroup, 1 entry\n");
    assertThat(runs.values()).isEqualTo(Map.of(task.tid(), "7 web 0"));
    int id = runs.mapId();

    // When
    Outcome again = runs.command("--once", "--keep").run();

    // Then
    assertThat(again.exitCode()).isZero();
    assertThat(again.stdout()).contains("adopted with its entries").doesNotContain("tasks: sweep");
    assertThat(runs.mapId()).isEqualTo(id);

    // When
    Outcome removed = runs.command("--once").run();

    // Then
    assertThat(removed.exitCode()).isZero();
    assertThat(runs.left()).isEmpty();
  }

  @Test
  void aRetainedMapStaysAtTheEndAndIsAdoptedByTheNext() {
    // Given
    String retained = MAP.replace("  bpfName", "  reclaimPolicy: Retain\n  bpfName");
    runs.write("all.yaml", retained);

    // When
    Outcome first = runs.command("--once").run();
    int id = runs.mapId();
    Outcome second = runs.command("--once", "--keep").run();

    // Then
    assertThat(first.exitCode()).isZero();
    assertThat(second.stdout()).contains("adopted with its entries");
    assertThat(runs.mapId()).isEqualTo(id);
    assertThat(runs.left()).containsExactly("taskstorage", "taskstorage_agent");
  }

  @Test
  void whatAnEarlierRunLeftStaysUntilEveryManifestCanBeRead() {
    // Given
    Cgroup web = cgroups.create("web");
    Task task = tasks.processIn(web.path());
    runs.write("map.yaml", MAP);
    runs.write("web.yaml", policy("web", 1, web.pathFromRoot(), 7));
    runs.command("--once", "--keep").run().stdoutIfDone();

    // When
    runs.write("web.yaml", policy("web", 1, web.pathFromRoot(), 8) + "oops: [\n");
    try (Child run = runs.start("--keep")) {
      run.awaitLine("^ready: ");

      // Then
      assertThat(run.stdout())
          .contains(
              "TaskStorageMap tenant-ctx: Ready False  Reconciling: stays as an earlier run left it"
                  + " until every manifest can be read\n");
      assertThat(runs.values()).isEqualTo(Map.of(task.tid(), "7 web 0"));

      // When
      runs.write("web.yaml", policy("web", 1, web.pathFromRoot(), 8));

      // Then
      awaitValues(Map.of(task.tid(), "8 web 0"));
      end(run);
    }
  }

  @Test
  void aLostPublicPinIsMadeAgain() throws java.io.IOException {
    // Given
    runs.write("all.yaml", MAP);
    try (Child run = runs.start()) {
      run.awaitLine("^ready: ");
      Path pin = runs.tree().publicPin(runs.map().bpfName());
      int id = runs.mapId();

      // When
      java.nio.file.Files.delete(pin);

      // Then
      await().atMost(LIMIT).until(() -> java.nio.file.Files.exists(pin));
      assertThat(runs.mapId()).isEqualTo(id);
      end(run);
    }
  }

  @Test
  void jsonHasOneObjectPerLine() {
    // Given
    Cgroup web = cgroups.create("web");
    tasks.processIn(web.path());
    runs.write("all.yaml", MAP, policy("web", 1, web.pathFromRoot(), 7));

    // When
    Outcome outcome = runs.command("--once", "-o", "json").run();

    // Then
    assertThat(outcome.stdoutIfDone().lines())
        .allMatch(line -> line.startsWith("{\"event\":\"") && line.endsWith("}"))
        .anyMatch(line -> line.startsWith("{\"event\":\"Started\",\"plane\":\"Rescan\""))
        .contains(
            "{\"event\":\"Swept\",\"map\":\"tenant-ctx\",\"tasks\":1,\"created\":1,\"updated\":0,"
                + "\"deleted\":0,\"late\":0,\"foreign\":0,\"failed\":0}")
        .last()
        .asString()
        .startsWith("{\"event\":\"Ended\",\"maps\":1");
  }

  private void awaitValues(Map<Integer, String> expected) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(runs.values()).isEqualTo(expected));
  }

  private static List<String> sweeps(Child run) {
    return run.stdout().lines().filter(line -> line.startsWith("tasks: sweep")).toList();
  }

  private static void end(Child run) {
    run.signal(Signal.TERM);
    Outcome outcome = run.awaitExit();
    assertThat(outcome.stderr()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
  }

  private Value value(long tenant, long hits, String app) {
    StructLayout layout = runs.map().layout();
    ByteBuffer bytes = ByteBuffer.allocate(layout.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(tenant).putLong(hits).put(app.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return Value.of(bytes.array());
  }
}
