package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.MAP;
import static io.taskstorage.agent.command.Runs.policy;
import static io.taskstorage.agent.command.WebTenant.end;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} does and says where programs in force would be lost. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunTakenAwayKernelTest {
  private static final String[] IN_KERNEL = {"--plane", "in-kernel", "--keep"};

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
  void whoRemovesThePinsOfProgramsIsToldOfAndTheNextRunAdoptsWhatWasMadeAgain() throws IOException {
    // Given
    Task task = web.process();
    web.tenant(7);
    Path programs = web.runs().tree().agentFolder().resolve("programs");
    try (Child run = web.run(IN_KERNEL)) {
      // When: at once, for the agent looks all the time
      Path gone = web.runs().tree().root().resolve("gone");
      Files.move(programs, gone, StandardCopyOption.ATOMIC_MOVE);
      removeTree(gone);
      run.awaitLine("^tasks: ForeignChange: keep pin " + programs + "/1/");

      // Then
      run.awaitLine(
          "^TaskStorageMap tenant-ctx: Ready False  NodesFailed: tasks may be without their value:"
              + " ForeignChange: keep pin ");
      run.awaitLine("^mended: tasks: ForeignChange: ");
      run.awaitLine("^TaskStorageMap tenant-ctx: Ready True  Programmed");
      Task child = task.fork();
      assertThat(web.runs().values())
          .isEqualTo(Map.of(task.tid(), "7 web 0", child.tid(), "7 web 0"));
      end(run);
    }
    Task meanwhile = task.fork();
    assertThat(web.runs().values()).containsEntry(meanwhile.tid(), "7 web 0");
    Object set = Files.getAttribute(onlyChild(programs), "unix:ino");

    // When
    try (Child run = web.run(IN_KERNEL)) {
      // Then
      assertThat(Files.getAttribute(onlyChild(programs), "unix:ino")).isEqualTo(set);
      assertThat(run.stdout()).doesNotContain("ForeignChange");
      end(run);
    }
  }

  /** Its object cannot be read yet, so this process installs nothing. */
  @Test
  void tasksThatStartAreGivenWhatAnEarlierRunLeftUntilEveryManifestCanBeRead() {
    // Given
    Task task = web.process();
    web.runs().write("map.yaml", MAP);
    web.runs().write("web.yaml", policy("web", 1, web.cgroup().pathFromRoot(), 7));
    web.runs().command("--once", "--keep", "--plane", "in-kernel").run().stdoutIfDone();
    web.runs().write("web.yaml", policy("web", 1, web.cgroup().pathFromRoot(), 8) + "oops: [\n");

    // When
    try (Child run = web.run(IN_KERNEL)) {
      Task child = task.fork();

      // Then
      assertThat(web.runs().values())
          .isEqualTo(Map.of(task.tid(), "7 web 0", child.tid(), "7 web 0"));

      // When
      web.runs().write("web.yaml", policy("web", 1, web.cgroup().pathFromRoot(), 8));

      // Then
      web.awaitValues(Map.of(task.tid(), "8 web 0", child.tid(), "8 web 0"));
      end(run);
    }
  }

  private static Path onlyChild(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.reduce((one, other) -> Path.of("several")).orElseThrow();
    }
  }

  private static void removeTree(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
