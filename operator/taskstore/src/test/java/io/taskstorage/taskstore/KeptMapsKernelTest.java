package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_LAYOUT;
import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.hint;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.Link;
import io.taskstorage.layout.Value;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A new process has not installed a map yet for which an earlier one has left programs in force: it
 * was refused for a moment, or is not known yet. Tasks go on being given what is in force for it.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class KeptMapsKernelTest {
  private static final Row BOTH = new Row(Map.of(TENANTS, tenant(1, "a"), HINTS, hint(7)));
  private static final StoreMap OTHER_LAYOUT =
      new StoreMap(TENANTS, TENANT_CTX, HINT_LAYOUT, Reclaim.DELETE);
  private static final StoreMap THIRD =
      new StoreMap(new MapName("aaa"), new BpfName("aaa"), HINT_LAYOUT, Reclaim.DELETE);

  private PinTree tree;
  private Membership cgroups;
  private Cgroup cgroup;
  private CgroupId id;
  private Task member;

  /** The step that is refused, if any is. */
  private String refused = "";

  @BeforeEach
  void leaveBothInForce(@BpffsMount Path bpffs, CgroupSandbox sandbox, Tasks tasks) {
    tree = new PinTree(bpffs);
    cgroups = CgroupTree.open(sandbox.top().path());
    cgroup = sandbox.create("a");
    id = new CgroupId(cgroup.id());
    member = tasks.processIn(cgroup.path());
    try (TaskStore earlier = open()) {
      earlier.install(TENANT_MAP);
      earlier.install(HINT_MAP);
      earlier.assign(id, BOTH);
      earlier.sweep();
      earlier.publish(TENANTS);
      earlier.publish(HINTS);
    }
  }

  @Test
  void aMapThatIsRefusedForAMomentGoesOnAsItIs() {
    // Given
    Set<Integer> links = links();
    Path record = tree.record(tree.maps(), TENANTS, TENANT_CTX, HINT_LAYOUT);
    for (String step : List.of("mkdir %s", "symlink %s/layout0", "pin %s/map")) {
      try (TaskStore store = open()) {
        refused = step.formatted(record);
        // When
        assertThatThrownBy(() -> store.install(OTHER_LAYOUT)).hasMessageContaining("ENOMEM");
        store.install(HINT_MAP);
        store.assign(id, new Row(Map.of(HINTS, hint(8))));
        SweepResult swept = store.sweep();
        // Then
        assertThat(swept.failures()).isEmpty();
        assertThat(value(TENANTS, member)).as(step).contains(tenant(1, "a"));
        Task child = member.fork();
        assertThat(value(TENANTS, child)).as(step).contains(tenant(1, "a"));
        assertThat(value(HINTS, child)).as(step).contains(hint(8));
        assertThat(links()).as(step).isEqualTo(links);
        assertThat(store.sweep().changes()).as(step).isZero();
        refused = "";
      }
    }
    // When it is not refused any more
    try (TaskStore store = open()) {
      store.install(OTHER_LAYOUT);
      store.install(HINT_MAP);
      store.assign(id, new Row(Map.of(TENANTS, hint(9), HINTS, hint(8))));
      store.sweep();
      store.publish(TENANTS);
      // Then
      Task child = member.fork();
      assertThat(value(TENANTS, child)).contains(hint(9));
      assertThat(value(HINTS, child)).contains(hint(8));
    }
  }

  @Test
  void itIsInstalledInALaterTurnOfTheSameProcess() {
    // Given
    try (TaskStore store = open()) {
      store.install(HINT_MAP);
      store.assign(id, new Row(Map.of(HINTS, hint(8))));
      store.sweep();
      assertThat(value(TENANTS, member.fork())).contains(tenant(1, "a"));
      // When
      store.install(TENANT_MAP);
      store.assign(id, new Row(Map.of(TENANTS, tenant(2, "b"), HINTS, hint(8))));
      store.sweep();
      // Then
      Task child = member.fork();
      assertThat(value(TENANTS, child)).contains(tenant(2, "b"));
      assertThat(value(HINTS, child)).contains(hint(8));
      assertThat(store.verify().changes()).isZero();
      // When
      store.unassign(id);
      store.sweep();
      // Then
      assertThat(value(TENANTS, member)).isEmpty();
      assertThat(value(TENANTS, member.fork())).isEmpty();
    }
  }

  @Test
  void whereNothingCanBeInstalledEverythingGoesOn() {
    // Given
    Set<Integer> links = links();
    try (TaskStore store = open()) {
      // When
      store.sweep();
      // Then
      Task child = member.fork();
      assertThat(value(TENANTS, child)).contains(tenant(1, "a"));
      assertThat(value(HINTS, child)).contains(hint(7));
      assertThat(links()).isEqualTo(links);
    }
  }

  @Test
  void itEndsWhereItIsRemoved() {
    // Given
    try (TaskStore store = open()) {
      store.install(HINT_MAP);
      store.assign(id, new Row(Map.of(HINTS, hint(7))));
      store.sweep();
      RecordedMap map = Records.find(tree, TENANTS).orElseThrow();
      assertThat(Records.get(map, member.fork().tid()))
          .isInstanceOf(EntryAccess.TaskResult.Done.class);
      // When
      store.remove(TENANTS, Reclaim.DELETE);
      store.sweep();
      // Then
      assertThat(Records.find(tree, TENANTS)).isEmpty();
      assertThat(store.sweep().maps()).containsOnlyKeys(HINTS);
      assertThat(value(HINTS, member.fork())).contains(hint(7));
    }
  }

  /** Another map comes, so the programs of before cannot be taken over. */
  @Test
  void itGoesOnInAnotherSetOfPrograms() {
    // Given
    try (TaskStore store = open()) {
      store.install(THIRD);
      store.install(HINT_MAP);
      store.assign(id, new Row(Map.of(HINTS, hint(7), THIRD.name(), hint(3))));
      // When
      store.sweep();
      store.publish(THIRD.name());
      // Then
      Task child = member.fork();
      assertThat(value(TENANTS, child)).contains(tenant(1, "a"));
      assertThat(value(HINTS, child)).contains(hint(7));
      assertThat(value(THIRD.name(), child)).contains(hint(3));
    }
  }

  @Test
  void cgroupsHaveWhatTheNearestAboveThemHadInIt(Tasks tasks) {
    // Given
    Cgroup below = cgroup.create("below");
    Task nested = tasks.processIn(below.path());
    try (TaskStore store = open()) {
      store.install(HINT_MAP);
      store.assign(id, new Row(Map.of(HINTS, hint(7))));
      // When
      store.assign(new CgroupId(below.id()), new Row(Map.of(HINTS, hint(8))));
      store.sweep();
      // Then
      Task child = nested.fork();
      assertThat(value(TENANTS, child)).contains(tenant(1, "a"));
      assertThat(value(HINTS, child)).contains(hint(8));
      assertThat(value(HINTS, member.fork())).contains(hint(7));
      // When
      store.unassign(new CgroupId(below.id()));
      store.sweep();
      // Then
      assertThat(value(TENANTS, nested)).contains(tenant(1, "a"));
      assertThat(value(HINTS, nested)).contains(hint(7));
      assertThat(value(HINTS, nested.fork())).contains(hint(7));
    }
  }

  @Test
  void aCgroupThatHasNoRowAnyMoreLosesTheRestAlone() {
    // Given
    try (TaskStore store = open()) {
      store.install(HINT_MAP);
      // When
      store.sweep();
      // Then
      Task child = member.fork();
      assertThat(value(TENANTS, child)).contains(tenant(1, "a"));
      assertThat(value(HINTS, child)).isEmpty();
      assertThat(value(HINTS, member)).isEmpty();
    }
  }

  @Test
  void anEntryThatWasLateIsCountedInItsRecord() {
    // Given
    try (TaskStore store = open()) {
      store.install(HINT_MAP);
      store.assign(id, new Row(Map.of(HINTS, hint(7))));
      store.sweep();
      RecordedMap map = Records.find(tree, TENANTS).orElseThrow();
      Records.delete(map, member.tid());
      // When
      SweepResult swept = store.sweep();
      // Then
      assertThat(swept.counts(TENANTS).late()).isEqualTo(1);
      store.install(TENANT_MAP);
      assertThat(store.late()).containsEntry(TENANTS, 1L);
    }
  }

  /** Every call that makes a pin, a folder or a link can be refused. */
  private TaskStore open() {
    return TaskStores.inKernel(
        tree,
        cgroups,
        step -> {
          if (step.equals(refused)) {
            throw new StoreException(
                new StoreProblem.KernelRefused(
                    new BpfException("map create", "tenant_ctx", Errno.ENOMEM, null)));
          }
        });
  }

  private Set<Integer> links() {
    Set<Integer> ids = new TreeSet<>();
    for (Path set : PinFolders.list(tree.programs())) {
      for (Path pin : PinFolders.list(set.resolve("links"))) {
        try (Link link = Link.open(pin)) {
          ids.add(link.info().id());
        }
      }
    }
    return ids;
  }

  private Optional<Value> value(MapName name, Task task) {
    RecordedMap map =
        Records.list(tree).stream()
            .filter(record -> record.name().equals(name) && Records.isPublic(tree, record))
            .findFirst()
            .orElseThrow();
    return switch (Records.get(map, task.tid())) {
      case EntryAccess.TaskResult.Done(Value value) -> Optional.of(value);
      case EntryAccess.TaskResult.NoEntry() -> Optional.empty();
      case EntryAccess.TaskResult other -> throw new AssertionError(other);
    };
  }
}
