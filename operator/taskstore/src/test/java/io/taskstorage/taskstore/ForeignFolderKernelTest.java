package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders in place of ours that we did not make so: nothing is opened in them. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class ForeignFolderKernelTest {
  private PinTree tree;
  private Membership cgroups;

  @BeforeEach
  void tree(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    tree = new PinTree(bpffs);
    cgroups = CgroupTree.open(sandbox.top().path());
  }

  @Test
  void aFolderForPublicPinsThatOthersMayWriteTo() throws IOException {
    // Given
    Files.createDirectory(tree.publicFolder());
    Files.setPosixFilePermissions(
        tree.publicFolder(), PosixFilePermissions.fromString("rwxrwxrwx"));
    // When, Then
    assertOpenRefused(
        tree.publicFolder(),
        "the folder's mode 0777 lets other users in: look what they left there, then chmod 0755");
  }

  @Test
  void anAgentFolderThatOthersMayRead() throws IOException {
    // Given
    Files.createDirectory(tree.agentFolder());
    Files.setPosixFilePermissions(tree.agentFolder(), PosixFilePermissions.fromString("rwxr-x---"));
    // When, Then
    assertOpenRefused(
        tree.agentFolder(),
        "the folder's mode 0750 lets other users in: look what they left there, then chmod 0700");
  }

  @Test
  void anAgentFolderOfAnotherUser() throws IOException {
    // Given
    Files.createDirectory(
        tree.agentFolder(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.setAttribute(tree.agentFolder(), "unix:uid", 65534);
    // When, Then
    assertOpenRefused(
        tree.agentFolder(),
        "the folder belongs to user 65534, not to user 0: remove it, or run as that user");
  }

  @Test
  void aLinkInPlaceOfTheAgentFolder(@TempDir Path elsewhere) throws IOException {
    // Given
    Files.createSymbolicLink(tree.agentFolder(), elsewhere);
    // When, Then
    assertOpenRefused(tree.agentFolder(), "is not a folder: remove it");
  }

  @Test
  void aFolderThatIsNoBpffs(@TempDir Path folder) {
    // Given
    PinTree elsewhere = new PinTree(folder);
    String notBpffs =
        "open %s: not a bpf file system: mount -t bpf bpf %s".formatted(folder, folder);
    // When, Then
    assertThatThrownBy(() -> TaskStores.rescan(elsewhere, cgroups)).hasMessage(notBpffs);
    assertThatThrownBy(() -> TaskStores.clean(elsewhere)).hasMessage(notBpffs);
    assertThatThrownBy(() -> Records.list(elsewhere)).hasMessage(notBpffs);
    PinTree missing = new PinTree(folder.resolve("missing"));
    assertThatThrownBy(() -> TaskStores.rescan(missing, cgroups))
        .hasMessageContaining("missing: not a bpf file system");
    assertThat(folder).isEmptyDirectory();
  }

  private void assertOpenRefused(Path folder, String why) {
    assertThatThrownBy(() -> TaskStores.rescan(tree, cgroups))
        .isInstanceOf(StoreException.class)
        .hasMessage("pin " + folder + ": " + why);
  }
}
