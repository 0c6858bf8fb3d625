package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.KernelTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders in which maps can be pinned, and the lock on them. */
@KernelTest(needs = KernelTest.Need.BPFFS)
class BpffsKernelTest {
  @Test
  void knowsABpffsFromOtherFolders(@BpffsMount Path bpffs, @TempDir Path other) throws Exception {
    // Given
    Path below = Files.createDirectory(bpffs.resolve("below"));

    // When, Then
    assertThat(Bpffs.isBpffs(bpffs)).isTrue();
    assertThat(Bpffs.isBpffs(below)).isTrue();
    assertThat(Bpffs.isBpffs(other)).isFalse();
    assertThat(Bpffs.isBpffs(other.resolve("absent"))).isFalse();
    assertThat(Bpffs.mountPoint()).isPresent();
  }

  @Test
  void mountsAndUnmounts(@TempDir Path folder) {
    // When
    Bpffs.mount(folder);
    boolean mounted = Bpffs.isBpffs(folder);
    Bpffs.unmount(folder);

    // Then
    assertThat(mounted).isTrue();
    assertThat(Bpffs.isBpffs(folder)).isFalse();
  }

  @Test
  void mountsOnFoldersAlone(@TempDir Path folder) throws Exception {
    // Given
    Path file = Files.createFile(folder.resolve("file"));
    Path absent = folder.resolve("absent");

    // When, Then
    assertThatThrownBy(() -> Bpffs.mount(absent))
        .hasMessage(
            "mount bpffs %s: ENOENT (no such file or entry): there is no such file or folder",
            absent);
    assertThatThrownBy(() -> Bpffs.mount(file))
        .hasMessage("mount bpffs %s: ENOTDIR (not a directory): it is no folder", file);
    assertThatThrownBy(() -> Bpffs.unmount(folder))
        .hasMessage(
            "unmount bpffs %s: EINVAL (invalid argument): no bpffs is mounted there", folder);
  }

  @Test
  void removesNothingButPins(@BpffsMount Path bpffs, @TempDir Path other) throws Exception {
    // Given
    Path folder = Files.createDirectory(bpffs.resolve("folder"));
    Path file = Files.createFile(other.resolve("file"));
    Path absent = bpffs.resolve("absent");

    // When, Then
    assertThatThrownBy(() -> Bpffs.unpin(folder))
        .hasMessage("unpin %s: EISDIR (is a directory): it is a folder: remove it as one", folder);
    assertThatThrownBy(() -> Bpffs.unpin(absent))
        .hasMessage(
            "unpin %s: ENOENT (no such file or entry): there is no such file or folder", absent);
    assertThatThrownBy(() -> Bpffs.unpin(file))
        .hasMessage(
            "unpin %s: EPERM (operation not permitted): %s is not on a bpffs: mount one with"
                + " mount -t bpf bpf FOLDER",
            file, other);
    assertThat(file).exists();
  }

  @Test
  void aNameWithADotCannotBePinned(@BpffsMount Path bpffs) {
    // Given
    Path pin = bpffs.resolve("a.b");
    try (BpfMap map = BpfMap.create(ByteMaps.bytes("a.b", 8))) {

      // When, Then
      assertThatThrownBy(() -> map.pin(pin))
          .hasMessage(
              "pin %s: EPERM (operation not permitted): a bpffs takes no name with a dot: choose"
                  + " one without",
              pin);
    }
  }

  @Test
  void aPinOfSomethingElseIsNoTaskStorageMap(@BpffsMount Path bpffs) {
    // Given
    Path pin = bpffs.resolve("hash");
    try (PlainMap hash = PlainMap.hash("hash", 4, 8, 16)) {
      hash.pin(pin);

      // When, Then
      assertThatThrownBy(() -> BpfMap.open(pin, Access.READ_WRITE))
          .hasMessage("map open %s: EINVAL (invalid argument): it is a map of type 1, not 29", pin);
    }
  }

  @Test
  void oneHolderAtATime(@BpffsMount Path bpffs) {
    // Given
    Optional<DirectoryLock> first = DirectoryLock.tryLock(bpffs);

    // When
    Optional<DirectoryLock> second = DirectoryLock.tryLock(bpffs);
    var holder = DirectoryLock.holderPid(bpffs);
    boolean isHeld = DirectoryLock.isHeld(bpffs);
    first.orElseThrow().close();
    boolean isHeldAfter = DirectoryLock.isHeld(bpffs);
    var nobody = DirectoryLock.holderPid(bpffs);
    Optional<DirectoryLock> third = DirectoryLock.tryLock(bpffs);
    third.orElseThrow().close();

    // Then
    assertThat(second).isEmpty();
    assertThat(isHeld).isTrue();
    assertThat(isHeldAfter).isFalse();
    assertThat(holder).hasValue((int) ProcessHandle.current().pid());
    assertThat(nobody).isEmpty();
  }

  @Test
  void onlyFoldersCanBeLocked(@TempDir Path folder) throws Exception {
    // Given
    Path file = Files.createFile(folder.resolve("file"));

    // When, Then
    assertThatThrownBy(() -> DirectoryLock.tryLock(file))
        .hasMessage("lock %s: ENOTDIR (not a directory): it is no folder", file);
  }
}
