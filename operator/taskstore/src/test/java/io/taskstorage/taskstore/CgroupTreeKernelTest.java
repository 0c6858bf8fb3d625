package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.taskstore.Membership.Tids;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@KernelTest(needs = KernelTest.Need.CGROUP2)
class CgroupTreeKernelTest {
  @Test
  void theWholeTreeParentsFirstWithTheKernelsIds(CgroupSandbox sandbox) {
    // Given
    Cgroup a = sandbox.create("a");
    Cgroup b = sandbox.create("a", "b");
    Cgroup c = sandbox.create("a", "b", "c.service");
    Cgroup d = sandbox.create("a\\x2dd");
    CgroupTree tree = CgroupTree.open(sandbox.top().path());
    // When
    CgroupSnapshot snapshot = tree.cgroups();
    // Then
    CgroupId top = id(sandbox.top());
    assertThat(snapshot.unreadable()).isEmpty();
    assertThat(snapshot.cgroups())
        .containsExactly(
            new io.taskstorage.taskstore.Cgroup(top, Optional.empty(), "/"),
            new io.taskstorage.taskstore.Cgroup(id(a), Optional.of(top), "/a"),
            new io.taskstorage.taskstore.Cgroup(id(b), Optional.of(id(a)), "/a/b"),
            new io.taskstorage.taskstore.Cgroup(id(c), Optional.of(id(b)), "/a/b/c.service"),
            new io.taskstorage.taskstore.Cgroup(id(d), Optional.of(top), "/a\\x2dd"));
  }

  @Test
  void tasksAreListedWithTheirThreadsAndWithoutZombies(CgroupSandbox sandbox, Tasks tasks) {
    // Given
    Cgroup a = sandbox.create("a");
    Task process = tasks.process();
    Task thread = process.thread();
    Task zombie = tasks.process();
    a.add(process);
    a.add(zombie);
    zombie.exit();
    CgroupTree tree = CgroupTree.open(sandbox.top().path());
    // When
    Tids tids = tree.tids(cgroup(tree, "/a"));
    // Then
    assertThat(tids).isEqualTo(new Tids.Listed(List.of(process.tid(), thread.tid()), 0));
    assertThat(tree.tids(cgroup(tree, "/"))).isEqualTo(new Tids.Listed(List.of(), 0));
  }

  @Test
  void threadsOfAThreadedCgroupAreListedWhereTheyAre(CgroupSandbox sandbox, Tasks tasks) {
    // Given
    Cgroup domain = sandbox.create("domain");
    Cgroup threaded = sandbox.create("domain", "threaded");
    Task process = tasks.process();
    Task thread = process.thread();
    domain.add(process);
    threaded.makeThreaded();
    threaded.addThread(thread.tid());
    CgroupTree tree = CgroupTree.open(sandbox.top().path());
    // When, Then
    assertThat(tree.tids(cgroup(tree, "/domain")))
        .isEqualTo(new Tids.Listed(List.of(process.tid()), 0));
    assertThat(tree.tids(cgroup(tree, "/domain/threaded")))
        .isEqualTo(new Tids.Listed(List.of(thread.tid()), 0));
  }

  @Test
  void aRemovedCgroupIsGoneAlsoWhenAnotherHasItsPath(CgroupSandbox sandbox) {
    // Given
    Cgroup a = sandbox.create("a");
    CgroupTree tree = CgroupTree.open(sandbox.top().path());
    io.taskstorage.taskstore.Cgroup before = cgroup(tree, "/a");
    // When
    a.remove();
    Tids removed = tree.tids(before);
    sandbox.create("a");
    CgroupId after = cgroup(tree, "/a").id();
    // Then
    assertThat(removed).isEqualTo(new Tids.Gone());
    assertThat(after).isNotEqualTo(before.id());
  }

  @Test
  void whatIsNoCgroupFolderIsRefused(@TempDir Path folder, CgroupSandbox sandbox) {
    // When, Then
    assertThatThrownBy(() -> CgroupTree.open(folder))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "open cgroup tree %s: not a cgroup2 folder: give the path where cgroup2 is mounted"
                .formatted(folder));
    assertThatThrownBy(() -> CgroupTree.open(folder.resolve("none")))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "open cgroup tree %s/none: no such folder: give the path where cgroup2 is mounted"
                .formatted(folder));
    assertThat(CgroupTree.mountPoint()).contains(sandbox.root());
    assertThat(CgroupTree.open(sandbox.root()).root()).isEqualTo(sandbox.root());
  }

  private static io.taskstorage.taskstore.Cgroup cgroup(CgroupTree tree, String path) {
    return tree.cgroups().byPath(path).orElseThrow();
  }

  private static CgroupId id(Cgroup cgroup) {
    return new CgroupId(cgroup.id());
  }
}
