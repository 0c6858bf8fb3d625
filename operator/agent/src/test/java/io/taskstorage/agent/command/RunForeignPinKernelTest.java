package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.MAP;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} says of a pin that is not the agent's own, and leaves as it is. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS, Need.BPFTOOL})
class RunForeignPinKernelTest {
  private static final String MEND = "remove it, or give the map another bpfName";

  @TempDir Path folder;

  private Path bpffs;
  private Runs runs;
  private CgroupSandbox cgroups;

  @BeforeEach
  void start(@BpffsMount Path mount, CgroupSandbox sandbox) {
    bpffs = mount;
    runs = new Runs(folder, bpffs, sandbox.root());
    cgroups = sandbox;
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
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-rw-rw-"));

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

  /** The public folder, made as the agent would, and the path of the map's pin in it. */
  private Path pinPath() throws IOException {
    runs.write("all.yaml", MAP);
    Path folder = Files.createDirectory(runs.tree().publicFolder());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
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
    assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  private void bpftool(Object... words) {
    String[] texts = new String[words.length + 1];
    texts[0] = "bpftool";
    for (int i = 0; i < words.length; i++) {
      texts[i + 1] = String.valueOf(words[i]);
    }
    Command.of(texts).arguments("name", "foreign").run().stdoutIfDone();
  }
}
