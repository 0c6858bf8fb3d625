package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.Records;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tasks {@code run} counts as late, where cgroups come while no agent runs. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunLateKernelTest {
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
  @ValueSource(strings = {"in-kernel", "rescan"})
  void inACgroupThatCameMeanwhileTasksAreLate(String plane) {
    // Given
    web.tenant(7);
    runAndKill(plane);

    // When
    web.cgroup().remove();
    List<Task> two = web.tasks().processesIn(web.cgroups().create("web").path(), 2);
    try (Child run = web.run("--plane", plane)) {
      // Then
      assertThat(firstSweep(run)).endsWith("tasks 2  late 2");
      web.awaitValues(Map.of(two.get(0).tid(), "7 web 0", two.get(1).tid(), "7 web 0"));
      assertThat(Records.late(web.runs().map())).isEqualTo(2);
      WebTenant.end(run);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"in-kernel", "rescan"})
  void underAPolicyThatChangedMeanwhileTheyAreNot(String plane) {
    // Given
    web.tenant(7);
    runAndKill(plane);

    // When
    web.cgroup().remove();
    Task task = web.processIn(web.cgroups().create("web").path());
    web.tenant(8);
    try (Child run = web.run("--plane", plane)) {
      // Then
      assertThat(firstSweep(run)).endsWith("tasks 1  created 1");
      web.awaitValues(Map.of(task.tid(), "8 web 0"));
      WebTenant.end(run);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"in-kernel", "rescan"})
  void underOneOfTwoPoliciesThatCameMeanwhileOnlyTheOthersAre(String plane) {
    // Given
    web.tenant(7);
    runAndKill(plane);

    // When
    web.cgroup().remove();
    web.processIn(web.cgroups().create("web").path());
    Path other = web.cgroups().create("other").path();
    web.tasks().processesIn(other, 3);
    web.runs()
        .write("other.yaml", policy("other", 1, web.cgroups().create("other").pathFromRoot(), 9));
    try (Child run = web.run("--plane", plane)) {
      // Then
      assertThat(firstSweep(run)).endsWith("tasks 4  created 3  late 1");
      WebTenant.end(run);
    }
  }

  private void runAndKill(String plane) {
    try (Child run = web.run("--plane", plane)) {
      run.signal(Signal.KILL);
      run.awaitExit();
    }
  }

  private static String firstSweep(Child run) {
    return run.stdout()
        .lines()
        .filter(line -> line.startsWith("tasks: sweep"))
        .findFirst()
        .orElse("none");
  }
}
