package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.MAP;
import static io.taskstorage.agent.command.Runs.policy;
import static io.taskstorage.agent.command.WebTenant.end;
import static io.taskstorage.agent.command.WebTenant.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.Records;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} does to tasks: new ones, changed folders, foreign writes. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunKernelTest {
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
  void valuesReachTenThousandExistingTasks() {
    // Given
    Task process = web.process();
    List<Task> threads = process.threads(9_999);
    web.tenant(7);

    // When
    try (Child run = web.runs().start()) {
      run.awaitLine("^ready: 1 map, 1 policy, 1 cgroup, 10000 entries$");

      // Then
      Map<Integer, String> values = web.runs().values();
      assertThat(values).hasSize(10_000).containsKey(process.tid());
      assertThat(values.keySet()).containsAll(threads.stream().map(Task::tid).toList());
      assertThat(values.values()).containsOnly("7 web 0");
      end(run);
    }
  }

  @Test
  void newTasksAndTasksOfNestedCgroupsAreFoundWithinTheInterval() {
    // Given
    Cgroup other = web.cgroups().create("other");
    web.tenant(7);
    try (Child run = web.run()) {
      // When
      Task direct = web.process();
      Task thread = direct.thread();
      Task nested = web.processIn(web.cgroup().create("a", "b").path());
      Task elsewhere = web.processIn(other.path());
      Task mover = web.processIn(other.path());
      mover.moveTo(web.cgroup().path());

      // Then
      web.awaitValues(
          Map.of(
              direct.tid(), "7 web 0",
              thread.tid(), "7 web 0",
              nested.tid(), "7 web 0",
              mover.tid(), "7 web 0"));

      // When
      mover.moveTo(other.path());
      web.awaitValues(
          Map.of(direct.tid(), "7 web 0", thread.tid(), "7 web 0", nested.tid(), "7 web 0"));

      // Then
      assertThat(elsewhere.state()).isEqualTo(Task.State.ALIVE);
      end(run);
    }
  }

  @Test
  void threadsOfAThreadedCgroupHaveItsValue() {
    // Given
    Task process = web.process();
    Task inside = process.thread();
    Cgroup threaded = web.cgroup().create("threaded");
    threaded.makeThreaded();
    threaded.addThread(inside.tid());
    web.runs()
        .write(
            "all.yaml",
            MAP,
            policy("web", 10, web.cgroup().pathFromRoot(), 7),
            policy("threaded", 1, threaded.pathFromRoot(), 8));
    try (Child run = web.run()) {
      assertThat(threaded.type()).isEqualTo("threaded");
      web.awaitValues(Map.of(process.tid(), "7 web 0", inside.tid(), "8 web 0"));

      // When
      Task later = process.thread();
      threaded.addThread(later.tid());

      // Then
      web.awaitValues(
          Map.of(process.tid(), "7 web 0", inside.tid(), "8 web 0", later.tid(), "8 web 0"));
      end(run);
    }
  }

  @Test
  void aCgroupThatIsMadeLaterIsSelectedByItsPath() {
    // Given
    String path = web.cgroups().top().pathFromRoot() + "/later";
    web.runs().write("all.yaml", MAP, policy("later", 1, path, 7));
    try (Child run = web.runs().start()) {
      run.awaitLine("ClusterTaskStoragePolicy later: Ready True {2}NoMatch");

      // When
      Task task = web.processIn(web.cgroups().create("later").path());

      // Then
      run.awaitLine("cgroup \\d+: assign {2}path " + path);
      web.awaitValues(Map.of(task.tid(), "7 web 0"));

      // When
      task.exit();
      task.reap();
      web.cgroups().create("later").remove();

      // Then
      run.awaitLine("cgroup \\d+: unassign {2}path " + path);
      end(run);
    }
  }

  @Test
  void aChangeOfTheFolderReachesTheTasks() {
    // Given
    Task task = web.process();
    web.runs().write("map.yaml", MAP);
    web.runs().write("web.yaml", policy("web", 10, web.cgroup().pathFromRoot(), 7));
    try (Child run = web.run()) {
      web.awaitValues(Map.of(task.tid(), "7 web 0"));
      int id = web.runs().mapId();

      // When
      web.runs().write("web.yaml", policy("web", 10, web.cgroup().pathFromRoot(), 8));
      // Then
      web.awaitValues(Map.of(task.tid(), "8 web 0"));

      // When
      web.runs().write("first.yaml", policy("first", 1, web.cgroup().pathFromRoot(), 9));
      // Then
      web.awaitValues(Map.of(task.tid(), "9 web 0"));
      run.awaitLine("ClusterTaskStoragePolicy web: Ready True {2}Overridden");

      // When
      web.runs().write("first.yaml", "");
      web.runs().write("web.yaml", "");
      // Then
      web.awaitValues(Map.of());
      assertThat(web.runs().mapId()).isEqualTo(id);
      end(run);
    }
  }

  @Test
  void whatAProgramWroteIsKeptAcrossPolicyChanges() {
    // Given
    Task task = web.process();
    web.tenant(7);
    try (Child run = web.run()) {
      // When
      Records.set(web.runs().map(), task.tid(), value(web.runs().map(), 7, 41, "web"));
      web.tenant(8);

      // Then
      web.awaitValues(Map.of(task.tid(), "8 web 41"));
      end(run);
    }
  }

  @Test
  void aForeignWriteIsMendedAndCounted() {
    // Given
    Task task = web.process();
    web.tenant(7);
    try (Child run = web.run()) {
      // When
      Records.set(web.runs().map(), task.tid(), value(web.runs().map(), 666, 3, "evil"));

      // Then
      run.awaitLine("tasks: sweep {2}map tenant-ctx {2}tasks 1 {2}foreign 1");
      web.awaitValues(Map.of(task.tid(), "7 web 3"));
      end(run);
    }
  }

  @Test
  void jsonHasOneObjectPerLine() {
    // Given
    web.process();
    web.tenant(7);

    // When
    Outcome outcome = web.runs().command("--once", "-o", "json").run();

    // Then
    assertThat(outcome.stdoutIfDone().lines())
        .allMatch(line -> line.startsWith("{\"event\":\"") && line.endsWith("}"))
        .anyMatch(line -> line.startsWith("{\"event\":\"Started\",\"plane\":\"InKernel\""))
        .contains(
            "{\"event\":\"Swept\",\"map\":\"tenant-ctx\",\"tasks\":1,\"created\":1,\"updated\":0,"
                + "\"deleted\":0,\"late\":0,\"foreign\":0,\"failed\":0}")
        .last()
        .asString()
        .startsWith("{\"event\":\"Ended\",\"maps\":1");
  }
}
