package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.MAP;
import static io.taskstorage.agent.command.Runs.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} says where kernel or file system are not as it needs them. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS, Need.BPFTOOL})
class RunBadInputKernelTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String MEND = "remove it, or give the map another bpfName";

  @TempDir Path temporary;

  private Path folder;
  private Path bpffs;
  private Runs runs;
  private CgroupSandbox cgroups;
  private Tasks tasks;

  @BeforeEach
  void start(@BpffsMount Path mount, CgroupSandbox sandbox) throws IOException {
    folder = Files.createDirectory(temporary.resolve("manifests"));
    bpffs = mount;
    runs = new Runs(folder, bpffs, sandbox.root());
    cgroups = sandbox;
    tasks = Tasks.start();
  }

  @AfterEach
  void end() {
    tasks.close();
  }

  @Test
  void bpffsIsNotMounted() {
    assertRefused(
        new Runs(folder, temporary, cgroups.root()).command(),
        "open %s: not a bpf file system: mount -t bpf bpf %s".formatted(temporary, temporary));
  }

  @Test
  void cgroup2IsNotMounted() {
    assertRefused(
        new Runs(folder, bpffs, temporary).command(),
        "open cgroup tree %s: not a cgroup2 folder: give the path where cgroup2 is mounted"
            .formatted(temporary));
  }

  @Test
  void theFolderOfManifestsIsMissing() {
    Path missing = temporary.resolve("missing");
    assertRefused(
        new Runs(missing, bpffs, cgroups.root()).command(),
        "open %s: no such folder: name the folder that holds the manifests".formatted(missing));
  }

  @Test
  void theFolderOfManifestsIsAFile() throws IOException {
    Path file = Files.writeString(temporary.resolve("file.yaml"), MAP);
    assertRefused(
        new Runs(file, bpffs, cgroups.root()).command(),
        "open %s: not a folder: name the folder that holds the manifests".formatted(file));
  }

  @Test
  void aCapabilityIsMissing() {
    assertRefused(
        runs.command()
            .prefixed("setpriv", "--bounding-set", "-bpf,-sys_admin", "--inh-caps", "-all"),
        "use task storage: btf load is refused with EPERM (operation not permitted): CAP_BPF is"
            + " missing: run as root or grant CAP_BPF");
  }

  @Test
  void theAgentsFolderLetsOthersIn() throws IOException {
    // Given
    Path foreign = Files.createDirectory(runs.tree().agentFolder());
    Files.setPosixFilePermissions(
        foreign, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));

    // When, Then
    assertRefused(
        runs.command(),
        ("pin %s: the folder's mode 0777 lets other users in: look what they left there, then"
                + " chmod 0700")
            .formatted(foreign));
    Files.delete(foreign);
  }

  @Test
  void thePinsPathIsTakenByAFolder() throws IOException {
    // Given
    Path path = pinPath();
    Files.createDirectory(path);

    // When, Then
    assertForeign(path, "is a directory, not a map: " + MEND);
    Files.delete(path);
  }

  @Test
  void thePinsPathIsTakenByASymbolicLink() throws IOException {
    // Given
    Path path = pinPath();
    Files.createSymbolicLink(path, Path.of("/elsewhere"));

    // When, Then
    assertForeign(path, "is a symbolic link to /elsewhere, not a map: " + MEND);
    Files.delete(path);
  }

  @Test
  void thePinsPathIsTakenByAForeignMap() throws IOException {
    // Given
    Path path = pinPath();
    bpftool("map", "create", path, "type", "array", "key", 4, "value", 8, "entries", 1);

    // When, Then
    assertForeign(path, "is no task storage map \\(it is a map of type 2, not 29\\): " + MEND);
    Files.delete(path);
  }

  @Test
  void thePinsPathIsTakenByAMapOfOtherTypes() throws IOException {
    // Given
    Path path = pinPath();
    Path elsewhere = Files.createDirectory(bpffs.resolve("elsewhere"));
    StoreMap other =
        new StoreMap(
            new MapName("other"),
            new BpfName("tenant_ctx"),
            StructLayout.parse("tenant_ctx{owner:U64,hits:U64,app:Char[16]}"),
            Reclaim.DELETE);
    PinTree tree = new PinTree(elsewhere);
    try (TaskStore store = TaskStores.rescan(tree, CgroupTree.open(cgroups.root()))) {
      store.install(other);
      store.publish(other.name());
    }
    Files.move(tree.publicPin(other.bpfName()), path);
    TaskStores.clean(tree);

    // When, Then
    assertForeign(path, "is a map that this agent did not make \\(id \\d+.*\\): " + MEND);
    Files.delete(path);
    Files.delete(elsewhere);
  }

  @Test
  void aPinWhoseModeSomebodyLoosenedIsNotTrusted() throws IOException {
    // Given
    runs.write("all.yaml", MAP);
    runs.command("--once", "--keep").run().stdoutIfDone();
    Path pin = runs.tree().publicPin(runs.map().bpfName());
    Files.setPosixFilePermissions(
        pin, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));

    // When
    Outcome outcome = runs.command("--once").run();

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout())
        .contains(
            "ForeignPin: pin %s: its mode 0666 lets other users open it: find out who loosened it,"
                    .formatted(pin)
                + " then chmod 0600");
  }

  @Test
  void ofTwoMapsWithOneBpfNameTheOneInForceKeepsIt() {
    // Given
    runs.write("b.yaml", MAP);
    try (Child run = runs.start()) {
      run.awaitLine("^ready: ");
      int id = runs.mapId();

      // When
      runs.write("a.yaml", MAP.replace("name: tenant-ctx", "name: another"));

      // Then
      run.awaitLine("^TaskStorageMap another: Ready False {2}BpfNameConflict: ");
      assertThat(runs.mapId()).isEqualTo(id);
      end(run);
    }
  }

  @Test
  void aLayoutThatChangesWhileInUseIsANewMapAtTheSamePath() {
    // Given
    Cgroup web = cgroups.create("web");
    Task task = tasks.processIn(web.path());
    String policy = policy("web", 1, web.pathFromRoot(), 7);
    runs.write("all.yaml", MAP, policy);
    try (Child run = runs.start()) {
      run.awaitLine("^ready: ");
      Path pin = runs.tree().publicPin(runs.map().bpfName());
      try (BpfMap held = BpfMap.open(pin, Access.READ_ONLY)) {
        int oldId = held.info().id();

        // When
        runs.write("all.yaml", MAP.replace("tenant_id, type: U64", "tenant_id, type: U32"), policy);

        // Then
        run.awaitLine(
            "new map in place of the old one \\(layout .*\\): who holds the old one must open the"
                + " pin again");
        await()
            .atMost(LIMIT)
            .untilAsserted(
                () -> {
                  assertThat(runs.mapId()).isNotEqualTo(oldId);
                  assertThat(runs.values()).isEqualTo(Map.of(task.tid(), "7 web 0"));
                });
        assertThat(held.info().valueSize()).isEqualTo(32);
      }
      end(run);
    }
  }

  @Test
  void theFolderVanishesAndComesBack() throws IOException {
    // Given
    Cgroup web = cgroups.create("web");
    Task task = tasks.processIn(web.path());
    runs.write("all.yaml", MAP, policy("web", 1, web.pathFromRoot(), 7));
    try (Child run = runs.start()) {
      run.awaitLine("^ready: ");

      // When
      Path away = Files.move(folder, temporary.resolve("away"));

      // Then
      run.awaitLine(
          "^%s: no such file or folder: create it \\(everything in force stays\\)$"
              .formatted(folder));
      assertThat(runs.values()).isEqualTo(Map.of(task.tid(), "7 web 0"));

      // When
      Files.move(away, folder);
      runs.write("all.yaml", MAP, policy("web", 1, web.pathFromRoot(), 8));

      // Then
      run.awaitLine("^mended: %s$".formatted(folder));
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(runs.values()).isEqualTo(Map.of(task.tid(), "8 web 0")));
      end(run);
    }
  }

  @Test
  void theLimitOfDescriptorsIsReachedAndRaised() {
    // Given
    Cgroup web = cgroups.create("web");
    Task early = tasks.processIn(web.path());
    runs.write("all.yaml", MAP, policy("web", 1, web.pathFromRoot(), 7));
    try (Child run = runs.fromJars(temporary).start()) {
      run.awaitLine("^ready: ");

      // When
      limitDescriptors(run, 4);
      Task late = tasks.processIn(web.path());

      // Then
      run.awaitLine("EMFILE|Too many open files");
      limitDescriptors(run, 4096);
      run.awaitLine("^mended: ");
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(runs.values())
                      .isEqualTo(Map.of(early.tid(), "7 web 0", late.tid(), "7 web 0")));
      end(run);
    }
  }

  @Test
  void cgroupsThatGoBetweenLookAndWriteAreNoFailure() {
    // Given
    String path = cgroups.top().pathFromRoot() + "/web";
    runs.write("all.yaml", MAP, policy("web", 1, path, 7));
    try (Child run = runs.start("--interval", "10ms")) {
      run.awaitLine("^ready: ");

      // When
      for (int i = 0; i < 100; i++) {
        Cgroup web = cgroups.create("web", "inner");
        Task task = tasks.processIn(web.path());
        task.exit();
        task.reap();
        web.remove();
        cgroups.create("web").remove();
      }

      // Then
      Cgroup web = cgroups.create("web");
      Task task = tasks.processIn(web.path());
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(runs.values()).isEqualTo(Map.of(task.tid(), "7 web 0")));
      assertThat(run.stdout()).doesNotContain("failed", "NodesFailed", "mended");
      end(run);
    }
  }

  /** The public folder, made as the agent would, and the path of the map's pin in it. */
  private Path pinPath() throws IOException {
    runs.write("all.yaml", MAP);
    Path folder = Files.createDirectory(runs.tree().publicFolder());
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder.resolve("tenant_ctx");
  }

  private void assertForeign(Path path, String why) {
    // When
    Outcome outcome = runs.command("--once").run();

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stderr()).isEmpty();
    assertThat(outcome.stdout())
        .containsPattern(
            "(?m)^TaskStorageMap tenant-ctx: Ready False  NodesFailed: ForeignPin: pin %s: %s$"
                .formatted(path, why));
    assertThat(Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  private static void assertRefused(Command command, String message) {
    // When
    Outcome outcome = command.run();

    // Then
    assertThat(outcome.stderr()).isEqualTo(message + "\n");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  private static void limitDescriptors(Child run, int limit) {
    Command.of("prlimit", "--pid", String.valueOf(run.pid()), "--nofile=" + limit + ":4096")
        .run()
        .stdoutIfDone();
  }

  private void bpftool(Object... words) {
    String[] texts = new String[words.length + 1];
    texts[0] = "bpftool";
    for (int i = 0; i < words.length; i++) {
      texts[i + 1] = String.valueOf(words[i]);
    }
    Command.of(texts).arguments("name", "foreign").run().stdoutIfDone();
  }

  private static void end(Child run) {
    run.signal(Signal.TERM);
    Outcome outcome = run.awaitExit();
    assertThat(outcome.stderr()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
  }
}
