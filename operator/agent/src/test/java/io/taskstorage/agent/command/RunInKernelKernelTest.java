package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.MAP;
import static io.taskstorage.agent.command.Runs.policy;
import static io.taskstorage.agent.command.WebTenant.end;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} does with programs in the kernel, and no pass for as long as a test lasts. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunInKernelKernelTest {
  private static final String[] NO_PASSES = {"--plane", "in-kernel", "--interval", "60m"};

  @TempDir private Path folder;
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
  void newTasksHaveTheirValuesWithoutAPass() {
    // Given
    web.tenant(7);
    Task process = web.process();
    try (Child run = web.run(NO_PASSES)) {
      // When
      Task child = process.fork();
      Task thread = child.thread();
      Task mover = web.processIn(web.cgroups().create("other").path());
      mover.moveTo(web.cgroup().create("inner").path());
      // Then
      assertThat(web.runs().values())
          .isEqualTo(
              Map.of(
                  process.tid(), "7 web 0",
                  child.tid(), "7 web 0",
                  thread.tid(), "7 web 0",
                  mover.tid(), "7 web 0"));
      end(run);
    }
  }

  @Test
  void aCgroupThatIsMadeLaterHasItsRowWhenTheKernelTellsOfIt() {
    // Given
    String path = web.cgroups().top().pathFromRoot() + "/later";
    web.runs().write("all.yaml", MAP, policy("later", 1, path, 7));
    try (Child run = web.run(NO_PASSES)) {
      // When
      Cgroup later = web.cgroups().create("later");
      // Then
      run.awaitLine("cgroup \\d+: assign {2}path " + path);
      Task process = web.processIn(later.path());
      web.awaitValues(Map.of(process.tid(), "7 web 0"));
      end(run);
    }
  }

  @Test
  void threadsOfAProcessThatIsMovedFollow() {
    // Given
    web.tenant(7);
    Task process = web.processIn(web.cgroups().create("other").path());
    Map<Integer, String> all = new HashMap<>(Map.of(process.tid(), "7 web 0"));
    process.threads(20).forEach(thread -> all.put(thread.tid(), "7 web 0"));
    try (Child run = web.run(NO_PASSES)) {
      // When
      web.cgroup().add(process);
      // Then
      web.awaitValues(all);
      end(run);
    }
  }

  @Test
  void withoutTheRightToTraceItRefusesOrPasses() {
    // Given
    web.tenant(7);
    String[] unable = {"setpriv", "--bounding-set", "-perfmon,-sys_admin", "--inh-caps", "-all"};
    String why = ": CAP_PERFMON is missing: run as root or grant CAP_PERFMON";
    // When
    Outcome refused = web.runs().command(NO_PASSES).prefixed(unable).run();
    // Then
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.stderr()).startsWith("open plane in-kernel: ").contains(why);
    // When
    Outcome passes = web.runs().command("--once").prefixed(unable).run();
    // Then
    assertThat(passes.exitCode()).isZero();
    assertThat(passes.stdout())
        .startsWith("plane: Rescan  ")
        .contains("\nplane Rescan, not InKernel: ")
        .contains(why);
  }
}
