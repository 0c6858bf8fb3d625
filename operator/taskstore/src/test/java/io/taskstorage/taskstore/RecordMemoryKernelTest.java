package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_LAYOUT;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.layout.Owner;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a map's record remembers for the process that opens the store next. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class RecordMemoryKernelTest {
  private PinTree tree;
  private World world;

  @BeforeEach
  void tree(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    tree = new PinTree(bpffs);
    world = World.real(sandbox);
  }

  @ParameterizedTest
  @EnumSource(names = {"IN_KERNEL", "RESCAN"})
  void lateEntriesAreCountedOnOverRestarts(Plane plane, Tasks tasks) {
    // Given
    CgroupId one = withTask(tasks, "/one");
    CgroupId two = withTask(tasks, "/two");
    try (TaskStore store = open(plane)) {
      countLate(store, one);
    }
    // When
    try (TaskStore store = open(plane)) {
      store.install(TENANT_MAP);
      Map<MapName, Long> before = store.late();
      store.assign(one, row(tenant(1, "a")), Set.of(TENANTS));
      store.assign(two, row(tenant(2, "b")), Set.of(TENANTS));
      SweepResult swept = store.sweep();
      // Then
      assertThat(before).isEqualTo(Map.of(TENANTS, 1L));
      assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(2, 0, 0, 0, 0, 1, 0));
      assertThat(store.late()).isEqualTo(Map.of(TENANTS, 2L));
    }
    assertThat(Records.late(record())).isEqualTo(2);
  }

  @Test
  void aMapMadeAnewBeginsWithNone(Tasks tasks) {
    // Given
    CgroupId one = withTask(tasks, "/one");
    try (TaskStore store = open(Plane.RESCAN)) {
      countLate(store, one);
      store.remember(TENANTS, Set.of("one"));
      // When
      store.remove(TENANTS, Reclaim.DELETE);
      store.install(TENANT_MAP);
      // Then
      assertThat(store.late()).isEqualTo(Map.of(TENANTS, 0L));
      assertThat(Records.words(record())).isEmpty();
    }
  }

  @Test
  void wordsAreTheLastOnesThatWereLeft() {
    // Given
    try (TaskStore store = open(Plane.RESCAN)) {
      store.install(TENANT_MAP);
      Set<String> none = Records.words(record());
      store.remember(TENANTS, Set.of("one", "two"));
      // When
      store.remember(TENANTS, Set.of("two", "three"));
      // Then
      assertThat(none).isEmpty();
    }
    assertThat(Records.words(record())).containsExactlyInAnyOrder("two", "three");
  }

  @Test
  void aRetainedMapKeepsItsCountAndForgetsTheWords(Tasks tasks) {
    // Given
    CgroupId one = withTask(tasks, "/one");
    try (TaskStore store = open(Plane.RESCAN)) {
      countLate(store, one);
      store.remember(TENANTS, Set.of("one"));
      // When
      store.remove(TENANTS, Reclaim.RETAIN);
      store.install(TENANT_MAP);
      // Then
      assertThat(store.late()).isEqualTo(Map.of(TENANTS, 1L));
      assertThat(Records.words(record())).isEmpty();
    }
  }

  @Test
  void otherOwnersOfTheSameBytesKeepCountAndWords(Tasks tasks) {
    // Given
    CgroupId one = withTask(tasks, "/one");
    StoreMap owned =
        new StoreMap(
            TENANTS,
            TENANT_CTX,
            StructLayout.of(
                TENANT_LAYOUT.typeName(),
                TENANT_LAYOUT.fields().stream()
                    .map(placed -> placed.field().ownedBy(Owner.POLICY))
                    .toList()),
            Reclaim.DELETE);
    try (TaskStore store = open(Plane.RESCAN)) {
      countLate(store, one);
      store.remember(TENANTS, Set.of("one"));
      // When
      Installation how = store.install(owned);
      // Then
      assertThat(how).isInstanceOf(Installation.Adopted.class);
      assertThat(store.late()).isEqualTo(Map.of(TENANTS, 1L));
      assertThat(Records.words(record())).containsExactly("one");
    }
  }

  /** Installs the map; its one entry so far is late. */
  private static void countLate(TaskStore store, CgroupId cgroup) {
    store.install(TENANT_MAP);
    store.assign(cgroup, row(tenant(1, "a")), Set.of(TENANTS));
    store.sweep();
  }

  private CgroupId withTask(Tasks tasks, String path) {
    CgroupId cgroup = world.mkdir(path);
    world.move(tasks.process(), path);
    return cgroup;
  }

  private TaskStore open(Plane plane) {
    return switch (plane) {
      case IN_KERNEL -> TaskStores.inKernel(tree, world.membership());
      case RESCAN -> TaskStores.rescan(tree, world.membership());
      case EMULATED -> throw new IllegalArgumentException("open: no pins");
    };
  }

  private RecordedMap record() {
    return Records.find(tree, TENANTS).orElseThrow();
  }
}
