package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_LAYOUT;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_LAYOUT;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static io.taskstorage.taskstore.Samples.withHits;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is in bpffs, and what a successor finds there. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class PinnedMapsKernelTest {
  private static final String VERSION = PinTree.version(TENANT_LAYOUT);
  private static final String TEXT = TENANT_LAYOUT.toText();

  private PinTree tree;
  private World world;

  @BeforeEach
  void tree(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    tree = new PinTree(bpffs);
    world = World.real(sandbox);
  }

  @Test
  void aMapIsPinnedWithItsRecordAndPublicOnlyWhenPublished() {
    try (TaskStore store = open()) {
      // When
      store.install(TENANT_MAP);
      List<String> installed = PinListing.of(tree.root());
      store.publish(TENANTS);
      store.publish(TENANTS);
      List<String> published = PinListing.of(tree.root());
      // Then
      List<String> agent =
          List.of(
              "0700 taskstorage_agent/",
              "0700 taskstorage_agent/maps/",
              "0700 taskstorage_agent/maps/tenants/",
              "0700 taskstorage_agent/maps/tenants/tenant_ctx/",
              "0700 taskstorage_agent/maps/tenants/tenant_ctx/" + VERSION + "/",
              "taskstorage_agent/maps/tenants/tenant_ctx/" + VERSION + "/layout0 -> " + TEXT,
              "0600 taskstorage_agent/maps/tenants/tenant_ctx/" + VERSION + "/map",
              "taskstorage_agent/maps/tenants/tenant_ctx/" + VERSION + "/reclaim -> Delete",
              "0700 taskstorage_agent/new/",
              "0700 taskstorage_agent/retained/");
      assertThat(installed).startsWith("0755 taskstorage/").containsAll(agent).hasSize(11);
      assertThat(published)
          .startsWith("0755 taskstorage/", "0600 taskstorage/tenant_ctx")
          .containsAll(agent)
          .hasSize(12);
    }
  }

  @Test
  void theMapHasTheAttributesThatConsumersExpect() {
    // Given
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      store.publish(TENANTS);
      // When
      try (BpfMap map = BpfMap.open(tree.publicPin(TENANT_CTX), Access.READ_ONLY)) {
        // Then: BPF_MAP_TYPE_TASK_STORAGE, and BPF_F_NO_PREALLOC alone.
        assertThat(map.info().type()).isEqualTo(29);
        assertThat(map.info().keySize()).isEqualTo(4);
        assertThat(map.info().valueSize()).isEqualTo(40);
        assertThat(map.info().maxEntries()).isZero();
        assertThat(map.info().mapFlags()).isEqualTo(1);
        assertThat(map.info().name()).isEqualTo("tenant_ctx");
        assertThat(map.info().btfId()).isPositive();
        assertThat(map.info().btfKeyTypeId()).isEqualTo(1);
      }
    }
  }

  @Test
  void aSuccessorAdoptsTheSameMapAndMendsOnlyWhatIsWrong(Tasks tasks) {
    // Given
    Task right = tasks.process();
    Task wrong = tasks.process();
    Task left = tasks.process();
    CgroupId a = world.mkdir("/a");
    world.mkdir("/elsewhere");
    for (Task task : List.of(right, wrong, left)) {
      world.move(task, "/a");
    }
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      store.assign(a, row(tenant(1, "a")));
      store.sweep();
      store.publish(TENANTS);
      store.access(TENANTS).set(right.tid(), withHits(tenant(1, "a"), 5));
    }
    int id = PinListing.mapId(tree.publicPin(TENANT_CTX));
    RecordedMap record = Records.find(tree, TENANTS).orElseThrow();
    Records.set(record, wrong.tid(), tenant(66, "evil"));
    world.move(left, "/elsewhere");
    List<String> before = PinListing.of(tree.root());
    // When
    try (TaskStore store = open()) {
      Installation installation = store.install(TENANT_MAP);
      store.assign(a, row(tenant(1, "a")));
      SweepResult swept = store.sweep();
      store.publish(TENANTS);
      // Then
      assertThat(installation).isEqualTo(new Installation.Adopted());
      assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(2, 0, 1, 1, 0, 0, 0));
      assertThat(store.entries(TENANTS))
          .extracting(Entry::tid, Entry::value)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple(right.tid(), withHits(tenant(1, "a"), 5)),
              org.assertj.core.groups.Tuple.tuple(wrong.tid(), tenant(1, "a")));
    }
    assertThat(PinListing.mapId(tree.publicPin(TENANT_CTX))).isEqualTo(id);
    assertThat(PinListing.of(tree.root())).isEqualTo(before);
  }

  @Test
  void anotherLayoutTakesThePublicPathOverInOneStep() {
    // Given
    StoreMap changed = new StoreMap(TENANTS, TENANT_CTX, HINT_LAYOUT, Reclaim.DELETE);
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      store.publish(TENANTS);
      int old = PinListing.mapId(tree.publicPin(TENANT_CTX));
      // When
      store.install(changed);
      int stillPublic = PinListing.mapId(tree.publicPin(TENANT_CTX));
      store.publish(TENANTS);
      int now = PinListing.mapId(tree.publicPin(TENANT_CTX));
      // Then
      assertThat(stillPublic).isEqualTo(old);
      assertThat(now).isNotEqualTo(old);
      assertThat(Records.list(tree)).extracting(RecordedMap::layout).containsExactly(HINT_LAYOUT);
      assertThat(PinListing.of(tree.root())).hasSize(12);
    }
  }

  @Test
  void aLayoutWhoseTextIsLongIsKeptInSeveralLinks() {
    // Given
    StructLayout wide =
        StructLayout.of(
            "wide",
            IntStream.range(0, StructLayout.MAX_FIELDS)
                .mapToObj(i -> Field.array("f" + i + "_".repeat(60), ScalarType.U64, 15))
                .toList());
    StoreMap map = new StoreMap(TENANTS, TENANT_CTX, wide, Reclaim.RETAIN);
    assertThat(wide.toText()).hasSizeGreaterThan(PinTree.MAX_SYMLINK_CHARS);
    // When
    try (TaskStore store = open()) {
      store.install(map);
    }
    // Then
    assertThat(Records.list(tree))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.layout()).isEqualTo(wide);
              assertThat(record.reclaim()).isEqualTo(Reclaim.RETAIN);
              assertThat(record.folder().resolve("layout1")).isSymbolicLink();
            });
    try (TaskStore store = open()) {
      assertThat(store.install(map)).isEqualTo(new Installation.Adopted());
    }
  }

  @Test
  void aChangedReclaimIsWrittenDown() {
    // Given
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      // When
      store.install(new StoreMap(TENANTS, TENANT_CTX, TENANT_LAYOUT, Reclaim.RETAIN));
    }
    // Then
    assertThat(Records.find(tree, TENANTS).map(RecordedMap::reclaim)).contains(Reclaim.RETAIN);
    assertThat(PinListing.of(tree.root())).noneMatch(line -> line.contains("reclaim_new"));
  }

  @Test
  void aRemovedMapLeavesOnlyOurFolders() {
    // Given
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      store.publish(TENANTS);
      // When
      store.remove(TENANTS, Reclaim.DELETE);
    }
    // Then
    assertThat(PinListing.of(tree.root()))
        .containsExactly(
            "0755 taskstorage/",
            "0700 taskstorage_agent/",
            "0700 taskstorage_agent/maps/",
            "0700 taskstorage_agent/new/",
            "0700 taskstorage_agent/retained/");
  }

  @Test
  void aMapThatOnlyTheRecordRemembersIsRemovedToo() {
    // Given
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      store.publish(TENANTS);
    }
    // When
    try (TaskStore store = open()) {
      store.remove(TENANTS, Reclaim.DELETE);
    }
    // Then
    assertThat(Records.list(tree)).isEmpty();
    assertThat(tree.publicPin(TENANT_CTX)).doesNotExist();
  }

  @Test
  void aRetainedMapStaysPublicAndIsRememberedAndAdoptedByItsHeir() {
    // Given
    StoreMap heir = new StoreMap(HINTS, TENANT_CTX, TENANT_LAYOUT, Reclaim.DELETE);
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      store.publish(TENANTS);
      store.remove(TENANTS, Reclaim.RETAIN);
    }
    int id = PinListing.mapId(tree.publicPin(TENANT_CTX));
    List<RecordedMap> kept = Records.list(tree);
    // When
    try (TaskStore store = open()) {
      Installation installation = store.install(heir);
      store.publish(HINTS);
      // Then
      assertThat(installation).isEqualTo(new Installation.Adopted());
    }
    assertThat(kept).singleElement().matches(RecordedMap::retained);
    assertThat(PinListing.mapId(tree.publicPin(TENANT_CTX))).isEqualTo(id);
    assertThat(Records.list(tree))
        .singleElement()
        .matches(record -> !record.retained() && record.name().equals(HINTS));
    assertThat(PinListing.of(tree.retained())).isEmpty();
  }

  @Test
  void aPublicPinThatSomebodyRemovedIsMadeAgain() {
    // Given
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      store.publish(TENANTS);
    }
    int id = PinListing.mapId(tree.publicPin(TENANT_CTX));
    new PinFolders(tree, PinFolders.Steps.UNWATCHED).remove(tree.publicPin(TENANT_CTX));
    // When
    try (TaskStore store = open()) {
      store.install(TENANT_MAP);
      store.publish(TENANTS);
    }
    // Then
    assertThat(PinListing.mapId(tree.publicPin(TENANT_CTX))).isEqualTo(id);
  }

  private TaskStore open() {
    return TaskStores.rescan(tree, world.membership());
  }
}
