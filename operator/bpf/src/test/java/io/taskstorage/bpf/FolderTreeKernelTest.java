package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.FolderTree.Folder;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@KernelTest(needs = KernelTest.Need.CGROUP2)
class FolderTreeKernelTest {
  /** Longer than the names of most cgroups, so that fewer fill what one call tells. */
  private static final String LONG = "x".repeat(200);

  @Test
  void foldersOfWhateverNameWithTheKernelsNumbersAndNoFiles(CgroupSandbox sandbox)
      throws IOException {
    // Given
    Cgroup top = sandbox.top();
    Cgroup slice = sandbox.create("a.slice");
    Cgroup threads = sandbox.create("a.slice", "cgroup.threads.d");
    Cgroup letters = sandbox.create("a.slice", "größe 漢");
    Cgroup deepest = sandbox.create("a.slice", "größe 漢", "b\\x2dc.scope");
    Cgroup last = sandbox.create("z");

    // When
    FolderTree tree = FolderTree.read(top.path());

    // Then
    assertThat(tree.refused()).isEmpty();
    assertThat(tree.folders())
        .containsExactly(
            new Folder("/", inode(top), -1),
            new Folder("/a.slice", inode(slice), 0),
            new Folder("/a.slice/cgroup.threads.d", inode(threads), 1),
            new Folder("/a.slice/größe 漢", inode(letters), 1),
            new Folder("/a.slice/größe 漢/b\\x2dc.scope", inode(deepest), 3),
            new Folder("/z", inode(last), 0));
  }

  @Test
  void moreFoldersThanTheKernelTellsAtOnce(CgroupSandbox sandbox) {
    // Given
    List<String> names = IntStream.range(1000, 1400).mapToObj(i -> LONG + i).toList();
    names.forEach(sandbox::create);

    // When
    FolderTree tree = FolderTree.read(sandbox.top().path());

    // Then
    assertThat(tree.refused()).isEmpty();
    assertThat(tree.folders())
        .extracting(Folder::path)
        .containsExactlyElementsOf(
            Stream.concat(Stream.of("/"), names.stream().map(name -> "/" + name)).toList());
  }

  @Test
  void whatGoesDuringTheWalkIsNoRefusal(CgroupSandbox sandbox) throws InterruptedException {
    // Given
    Cgroup stays = sandbox.create("a", "stays");
    Cgroup parent = sandbox.create("b");
    AtomicBoolean isOver = new AtomicBoolean();
    Thread coming =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!isOver.get()) {
                    Cgroup middle = parent.create("middle");
                    middle.create("leaf").remove();
                    middle.remove();
                  }
                });

    // When, Then
    try {
      for (int i = 0; i < 2000; i++) {
        FolderTree tree = FolderTree.read(sandbox.top().path());
        assertThat(tree.refused()).isEmpty();
        assertThat(tree.folders()).contains(new Folder("/a/stays", stays.id(), 1));
      }
    } finally {
      isOver.set(true);
      coming.join();
    }
  }

  @Test
  void aMissingTopHasNothingAndAFileIsNoFolder(@TempDir Path folder) throws IOException {
    // Given
    Path other = Files.createDirectories(folder.resolve("folder/file"));
    Files.delete(other);
    Files.createFile(other);

    // When, Then
    assertThat(FolderTree.read(folder.resolve("none")))
        .isEqualTo(new FolderTree(List.of(), List.of()));
    assertThat(FolderTree.read(folder).folders())
        .extracting(Folder::path)
        .containsExactly("/", "/folder");
  }

  private static long inode(Cgroup cgroup) throws IOException {
    return (long) Files.getAttribute(cgroup.path(), "unix:ino");
  }
}
