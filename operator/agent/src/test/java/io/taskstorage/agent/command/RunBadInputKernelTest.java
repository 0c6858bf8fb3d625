package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.MAP;
import static io.taskstorage.agent.command.Runs.policy;
import static io.taskstorage.agent.command.WebTenant.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} does where its input or the node goes bad under it. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunBadInputKernelTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern TOO_MANY = Pattern.compile("EMFILE|too many open files");

  @TempDir Path temporary;

  private Path folder;
  private Path bpffs;
  private WebTenant web;

  @BeforeEach
  void start(@BpffsMount Path mounted, CgroupSandbox cgroups) throws IOException {
    bpffs = mounted;
    folder = Files.createDirectory(temporary.resolve("manifests"));
    web = WebTenant.on(folder, bpffs, cgroups);
  }

  @AfterEach
  void endTasks() {
    web.close();
  }

  @Test
  void ofTwoMapsWithOneBpfNameTheOneInForceKeepsIt() {
    // Given
    web.runs().write("b.yaml", MAP);
    try (Child run = web.run()) {
      int id = web.runs().mapId();

      // When
      web.runs().write("a.yaml", MAP.replace("name: tenant-ctx", "name: another"));

      // Then
      run.awaitLine("^TaskStorageMap another: Ready False {2}BpfNameConflict: ");
      assertThat(web.runs().mapId()).isEqualTo(id);
      end(run);
    }
  }

  @Test
  void aLayoutThatChangesWhileInUseIsANewMapAtTheSamePath() {
    // Given
    Task task = web.process();
    String policy = policy("web", 1, web.cgroup().pathFromRoot(), 7);
    web.runs().write("all.yaml", MAP, policy);
    try (Child run = web.run()) {
      Path pin = web.runs().tree().publicPin(web.runs().map().bpfName());
      try (BpfMap held = BpfMap.open(pin, Access.READ_ONLY)) {
        int oldId = held.info().id();

        // When
        web.runs()
            .write("all.yaml", MAP.replace("tenant_id, type: U64", "tenant_id, type: U32"), policy);

        // Then
        run.awaitLine(
            "new map in place of the old one \\(layout .*\\): who holds the old one must open the"
                + " pin again");
        await()
            .atMost(WebTenant.LIMIT)
            .untilAsserted(
                () -> {
                  assertThat(web.runs().mapId()).isNotEqualTo(oldId);
                  assertThat(web.runs().values()).isEqualTo(Map.of(task.tid(), "7 web 0"));
                });
        assertThat(held.info().valueSize()).isEqualTo(32);
      }
      end(run);
    }
  }

  @Test
  void theFolderVanishesAndComesBack() throws IOException {
    // Given
    Task task = web.process();
    web.tenant(7);
    try (Child run = web.run()) {
      // When
      Path away = Files.move(folder, temporary.resolve("away"));

      // Then
      run.awaitLine(
          "^%s: no such file or folder: create it \\(everything in force stays\\)$"
              .formatted(folder));
      assertThat(web.runs().values()).isEqualTo(Map.of(task.tid(), "7 web 0"));

      // When
      Files.move(away, folder);
      web.tenant(8);

      // Then
      run.awaitLine("^mended: %s$".formatted(folder));
      web.awaitValues(Map.of(task.tid(), "8 web 0"));
      end(run);
    }
  }

  @Test
  void theLimitOfDescriptorsIsReachedAndRaised() {
    // Given
    Task early = web.process();
    web.tenant(7);
    try (Child run = web.runs().fromJars(temporary).start()) {
      run.awaitLine("^ready: ");

      // When
      limitDescriptors(run, 4);
      Task late = web.process();

      // Then
      run.awaitLine(TOO_MANY.pattern());
      limitDescriptors(run, 4096);
      await().atMost(PATIENCE).until(() -> isToldMended(run));
      web.awaitValues(Map.of(early.tid(), "7 web 0", late.tid(), "7 web 0"));
      end(run);
    }
  }

  @Test
  void cgroupsThatGoBetweenLookAndWriteAreNoFailure() {
    // Given
    String path = web.cgroups().top().pathFromRoot() + "/later";
    web.runs().write("all.yaml", MAP, policy("later", 1, path, 7));
    try (Child run = web.run("--interval", "10ms")) {
      // When
      for (int i = 0; i < 100; i++) {
        Cgroup later = web.cgroups().create("later", "inner");
        Task task = web.processIn(later.path());
        task.exit();
        task.reap();
        later.remove();
        web.cgroups().create("later").remove();
      }

      // Then
      Cgroup later = web.cgroups().create("later");
      Task task = web.processIn(later.path());
      web.awaitValues(Map.of(task.tid(), "7 web 0"));
      assertThat(run.stdout()).doesNotContain("failed", "NodesFailed", "mended");
      end(run);
    }
  }

  @Test
  void aBpffsThatIsUnmountedIsToldOnceAndTasksGoOnToHaveValues() {
    // Given
    web.process();
    web.tenant(7);
    try (Child run = web.run()) {
      // When
      Command.of("umount", "--lazy", bpffs.toString()).run().stdoutIfDone();

      // Then
      String told = "open %1$s: not a bpf file system: mount -t bpf bpf %1$s".formatted(bpffs);
      run.awaitLine("^" + told + "$");
      web.tenant(8);
      run.awaitLine("tasks: sweep {2}map tenant-ctx {2}tasks 1 {2}updated 1");
      assertThat(run.stdout().lines().filter(told::equals)).hasSize(1);
      assertThat(run.isAlive()).isTrue();

      // When
      Command.of("mount", "-t", "bpf", "bpf", bpffs.toString()).run().stdoutIfDone();
      Outcome ended = run.awaitExit();

      // Then
      assertThat(ended.exitCode()).isEqualTo(1);
      assertThat(ended.stderr())
          .isEqualTo(
              "open %s: another bpffs was mounted there while the agent ran: start it again\n"
                  .formatted(bpffs));
      assertThat(web.runs().left()).isEmpty();
    }
  }

  /**
   * By a line of its own for what could not be read, by the conditions for what could not be done.
   */
  private static boolean isToldMended(Child run) {
    return run.stdout()
        .lines()
        .dropWhile(line -> !TOO_MANY.matcher(line).find())
        .anyMatch(line -> line.startsWith("mended: ") || line.contains(": Ready True "));
  }

  private static void limitDescriptors(Child run, int limit) {
    Command.of("prlimit", "--pid", String.valueOf(run.pid()), "--nofile=" + limit + ":4096")
        .run()
        .stdoutIfDone();
  }
}
