package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.MAP;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} says where it cannot even start. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunRefusedKernelTest {
  @TempDir Path temporary;

  private Path folder;
  private Path bpffs;
  private Runs runs;
  private CgroupSandbox cgroups;

  @BeforeEach
  void start(@BpffsMount Path mount, CgroupSandbox sandbox) throws IOException {
    folder = Files.createDirectory(temporary.resolve("manifests"));
    bpffs = mount;
    runs = new Runs(folder, bpffs, sandbox.root());
    cgroups = sandbox;
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
        "use task storage: btf load probe: EPERM (operation not permitted): CAP_BPF is"
            + " missing: run as root or grant CAP_BPF");
  }

  @Test
  void theAgentsFolderLetsOthersIn() throws IOException {
    // Given
    Path foreign = Files.createDirectory(runs.tree().agentFolder());
    Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("rwxrwxrwx"));

    // When, Then
    assertRefused(
        runs.command(),
        ("pin %s: the folder's mode 0777 lets other users in: look what they left there, then"
                + " chmod 0700")
            .formatted(foreign));
    Files.delete(foreign);
  }

  private static void assertRefused(Command command, String message) {
    // When
    Outcome outcome = command.run();

    // Then
    assertThat(outcome.stderr()).isEqualTo(message + "\n");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(1);
  }
}
