package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.taskstore.EntryAccess.TaskResult;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One process writes, any number read, and one command removes it all. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class OneWriterKernelTest {
  private PinTree tree;
  private World world;

  @BeforeEach
  void tree(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    tree = new PinTree(bpffs);
    world = World.real(sandbox);
  }

  @Test
  void aSecondWriterIsToldWhoHoldsTheNode() {
    // Given
    String held =
        "lock %s: held by process %d: end it, or let it do the work"
            .formatted(tree.agentFolder(), ProcessHandle.current().pid());
    try (TaskStore first = open()) {
      first.install(TENANT_MAP);
      // When, Then
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreException.class)
          .hasMessage(held)
          .extracting(e -> ((StoreException) e).problem().reason())
          .isEqualTo("NodeHeld");
      assertThatThrownBy(() -> TaskStores.clean(tree)).hasMessage(held);
      assertThat(first.install(TENANT_MAP)).isEqualTo(new Installation.Adopted());
    }
    open().close();
  }

  @Test
  void anOpenerThatIsRefusedLeavesNoLockBehind() throws IOException {
    // Given
    Files.createDirectory(tree.publicFolder());
    Files.setAttribute(tree.publicFolder(), "unix:uid", 65534);
    // When, Then
    assertThatThrownBy(this::open).hasMessageContaining("belongs to user 65534");
    Files.setAttribute(tree.publicFolder(), "unix:uid", 0);
    open().close();
  }

  @Test
  void anOpenerDoesNotContendForEverWithSomebodyWhoRemovesTheFolder() {
    // Given
    String folder = tree.agentFolder().toString();
    AtomicInteger made = new AtomicInteger();
    // When, Then
    assertThatThrownBy(
            () ->
                TaskStores.rescan(
                    tree,
                    world.membership(),
                    step -> {
                      made.addAndGet(step.equals("mkdir " + folder) ? 1 : 0);
                      assertThat(tree.agentFolder().toFile().delete()).isTrue();
                    }))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "pin %s: was removed by somebody, 20 times in a row: end what removes it, then try again"
                .formatted(folder));
    assertThat(made).hasValue(20);
  }

  @Test
  void twoTreesInOneBpffsDoNotMeet() throws IOException {
    // Given
    Path below = Files.createDirectory(tree.root().resolve("second"));
    PinTree second = new PinTree(below);
    // When
    try (TaskStore first = open();
        TaskStore other = TaskStores.rescan(second, world.membership())) {
      first.install(TENANT_MAP);
      other.install(TENANT_MAP);
      first.publish(TENANTS);
      other.publish(TENANTS);
    }
    // Then
    assertThat(PinListing.mapId(tree.publicPin(TENANT_CTX)))
        .isNotEqualTo(PinListing.mapId(second.publicPin(TENANT_CTX)));
  }

  @Test
  void recordsAreReadAndEntriesWrittenBesideAWriter(Tasks tasks) {
    // Given
    Task process = tasks.process();
    CgroupId a = world.mkdir("/a");
    world.move(process, "/a");
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      store.assign(a, row(tenant(1, "a")));
      store.sweep();
      store.publish(TENANTS);
      RecordedMap record = Records.find(tree, TENANTS).orElseThrow();
      // When, Then
      assertThat(Records.list(tree)).containsExactly(record);
      assertThat(Records.mapId(record)).isEqualTo(PinListing.mapId(tree.publicPin(TENANT_CTX)));
      assertThat(Records.entries(record, world.membership()))
          .isEqualTo(store.entries(TENANTS))
          .singleElement()
          .extracting(Entry::cgroupPath)
          .isEqualTo("/a");
      int tid = process.tid();
      assertThat(Records.get(record, tid)).isEqualTo(new TaskResult.Done(tenant(1, "a")));
      assertThat(Records.set(record, tid, tenant(2, "b")))
          .isEqualTo(new TaskResult.Done(tenant(2, "b")));
      assertThat(Records.delete(record, tid)).isEqualTo(new TaskResult.Done(tenant(2, "b")));
      assertThat(Records.get(record, tid)).isEqualTo(new TaskResult.NoEntry());
      assertThat(Records.find(tree, new MapName("other"))).isEmpty();
    }
  }

  @Test
  void aMapIsReadAfterItsWriterEnded(Tasks tasks) {
    // Given
    Task process = tasks.process();
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      store.access(TENANTS).set(process.tid(), tenant(1, "a"));
    }
    // When
    RecordedMap record = Records.find(tree, TENANTS).orElseThrow();
    // Then
    assertThat(Records.entries(record, world.membership()))
        .extracting(Entry::tid)
        .containsExactly(process.tid());
  }

  @Test
  void whereNoAgentEverRanThereIsNothingToReadOrClean() {
    // When, Then
    assertThat(Records.list(tree)).isEmpty();
    assertThat(TaskStores.clean(tree)).isEmpty();
    assertThat(PinListing.of(tree.root())).isEmpty();
  }

  @Test
  void cleaningRemovesAllOfOursAndNothingElse() throws IOException {
    // Given
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      store.publish(TENANTS);
      store.remove(TENANTS, Reclaim.RETAIN);
      store.install(Samples.HINT_MAP);
      store.publish(Samples.HINTS);
    }
    Path foreign = Files.createDirectory(tree.publicFolder().resolve("somebodys"));
    // When
    var left = TaskStores.clean(tree);
    // Then
    assertThat(left).containsExactly(foreign);
    assertThat(PinListing.of(tree.root()))
        .containsExactly("0755 taskstorage/", "0755 taskstorage/somebodys/");
    Files.delete(foreign);
    assertThat(TaskStores.clean(tree)).isEmpty();
    assertThat(PinListing.of(tree.root())).isEmpty();
  }

  private TaskStore open() {
    return TaskStores.rescan(tree, world.membership());
  }
}
