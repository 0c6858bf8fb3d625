package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.hint;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.bpf.Link;
import io.taskstorage.layout.Value;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Bpftool;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Programs go on while no agent runs, and the next one takes them over or puts others beside. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class InKernelRestartKernelTest {
  private static final Row ONE = row(tenant(1, "a"));
  private static final Row BOTH = new Row(Map.of(TENANTS, tenant(1, "a"), HINTS, hint(7)));

  /** The kernel frees programs in its own time. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private PinTree tree;
  private Membership cgroups;
  private Cgroup cgroup;
  private Task member;

  @BeforeEach
  void makeMember(@BpffsMount Path bpffs, CgroupSandbox sandbox, Tasks tasks) {
    tree = new PinTree(bpffs);
    cgroups = CgroupTree.open(sandbox.top().path());
    cgroup = sandbox.create("a");
    member = tasks.processIn(cgroup.path());
  }

  @Test
  void tasksAreInLineWhileNoAgentRuns() {
    // Given
    turn(ONE, TENANT_MAP);
    // When
    Task child = member.fork();
    // Then
    assertThat(value(child)).contains(tenant(1, "a"));
  }

  @Test
  void aRestartAdoptsProgramsAndRows() {
    // Given
    turn(ONE, TENANT_MAP);
    Map<String, Integer> before = links();
    Task child = member.fork();
    // When
    SweepResult swept = turn(ONE, TENANT_MAP);
    // Then
    assertThat(links()).isEqualTo(before).hasSize(5);
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(2, 0, 0, 0, 0, 0, 0));
    assertThat(value(child)).contains(tenant(1, "a"));
  }

  @Test
  void valuesOfAnAdoptedSetCanChange() {
    // Given
    turn(ONE, TENANT_MAP);
    Map<String, Integer> before = links();
    // When
    SweepResult swept = turn(row(tenant(2, "b")), TENANT_MAP);
    // Then
    assertThat(links()).isEqualTo(before);
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 1, 0, 0, 0, 0));
    assertThat(value(member.fork())).contains(tenant(2, "b"));
  }

  @Test
  void aRowThatIsNotStatedAgainGoes() {
    // Given
    turn(ONE, TENANT_MAP);
    // When
    try (TaskStore store = open(PinFolders.Steps.UNWATCHED)) {
      store.install(TENANT_MAP);
      store.sweep();
    }
    // Then
    assertThat(value(member)).isEmpty();
    assertThat(value(member.fork())).isEmpty();
  }

  @Test
  void anotherSetOfMapsHasOtherPrograms() {
    // Given
    turn(ONE, TENANT_MAP);
    Map<String, Integer> before = links();
    // When
    turn(BOTH, TENANT_MAP, HINT_MAP);
    // Then
    assertThat(links())
        .hasSameSizeAs(before)
        .satisfies(now -> assertThat(now.values()).doesNotContainAnyElementsOf(before.values()));
    assertThat(PinFolders.list(tree.programs())).hasSize(1);
    assertThat(value(member.fork())).contains(tenant(1, "a"));
  }

  /** At each step a task that is born finds its value: the old programs give it, or the new. */
  @Test
  void noTaskIsWithoutValueWhereverTheAgentDies() {
    // Given
    turn(ONE, TENANT_MAP);
    List<String> steps = new ArrayList<>();
    try (TaskStore store = open(steps::add)) {
      turn(store, BOTH, TENANT_MAP, HINT_MAP);
    }
    TaskStores.clean(tree);
    assertThat(steps).anyMatch(step -> step.endsWith("/complete"));
    for (int last = 1; last <= steps.size(); last++) {
      turn(ONE, TENANT_MAP);
      // When
      boolean isDead = diesAt(last);
      // Then
      String when = "after a death at: " + steps.get(last - 1);
      assertThat(isDead).as(when).isTrue();
      Task child = member.fork();
      assertThat(value(child)).as(when).contains(tenant(1, "a"));
      // When
      turn(BOTH, TENANT_MAP, HINT_MAP);
      // Then
      assertThat(PinFolders.list(tree.programs())).as(when).hasSize(1);
      assertThat(value(child)).as(when).contains(tenant(1, "a"));
      assertThat(value(member.fork())).as(when).contains(tenant(1, "a"));
      TaskStores.clean(tree);
    }
  }

  @Test
  void userSpaceThatTakesOverDropsThePrograms() {
    // Given
    turn(ONE, TENANT_MAP);
    // When
    try (TaskStore store = TaskStores.rescan(tree, cgroups)) {
      turn(store, row(tenant(3, "c")), TENANT_MAP);
    }
    // Then
    assertThat(PinFolders.stat(tree.programs())).isEmpty();
    assertThat(value(member)).contains(tenant(3, "c"));
    assertThat(value(member.fork())).isEmpty();
  }

  @Test
  void programsOfADroppedSetDoNothingHoweverLongTheyStayAttached() {
    // Given
    turn(ONE, TENANT_MAP);
    Path set = PinFolders.list(tree.programs()).getFirst();
    try (Link held = Link.open(set.resolve("links").resolve("newtask"));
        TaskStore store = open(PinFolders.Steps.UNWATCHED)) {
      turn(store, BOTH, TENANT_MAP, HINT_MAP);
      // When
      store.unassign(new CgroupId(cgroup.id()));
      store.sweep();
      // Then
      assertThat(isLoaded(held.info().programId())).isTrue();
      assertThat(value(member.fork())).isEmpty();
    }
  }

  @Test
  void cleanEndsThePrograms() {
    // Given
    turn(ONE, TENANT_MAP);
    int program = newtask();
    assertThat(isLoaded(program)).isTrue();
    // When
    TaskStores.clean(tree);
    // Then
    assertThat(PinFolders.stat(tree.agentFolder())).isEmpty();
    await().atMost(LIMIT).until(() -> !isLoaded(program));
  }

  private static boolean isLoaded(int program) {
    return Bpftool.command("prog", "list")
        .run()
        .stdoutIfDone()
        .lines()
        .anyMatch(line -> line.startsWith(program + ": "));
  }

  /** The kernel's id of a program that is in force. */
  private int newtask() {
    Path set = PinFolders.list(tree.programs()).getFirst();
    try (Link link = Link.open(set.resolve("links").resolve("newtask"))) {
      return link.info().programId();
    }
  }

  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private boolean diesAt(int last) {
    List<String> done = new ArrayList<>();
    PinFolders.Steps steps =
        step -> {
          done.add(step);
          if (done.size() == last) {
            throw new Death();
          }
        };
    try (TaskStore store = open(steps)) {
      turn(store, BOTH, TENANT_MAP, HINT_MAP);
      return false;
    } catch (Death e) {
      return true;
    }
  }

  private TaskStore open(PinFolders.Steps steps) {
    return TaskStores.inKernel(tree, cgroups, steps);
  }

  private SweepResult turn(Row row, StoreMap... maps) {
    try (TaskStore store = open(PinFolders.Steps.UNWATCHED)) {
      return turn(store, row, maps);
    }
  }

  private SweepResult turn(TaskStore store, Row row, StoreMap... maps) {
    for (StoreMap map : maps) {
      store.install(map);
    }
    store.assign(new CgroupId(cgroup.id()), row);
    SweepResult swept = store.sweep();
    for (StoreMap map : maps) {
      store.publish(map.name());
    }
    return swept;
  }

  /** The kernel's ids of the links that are in force. */
  private Map<String, Integer> links() {
    Map<String, Integer> ids = new TreeMap<>();
    for (Path set : PinFolders.list(tree.programs())) {
      for (Path pin : PinFolders.list(set.resolve("links"))) {
        try (Link link = Link.open(pin)) {
          ids.put(String.valueOf(pin.getFileName()), link.info().id());
        }
      }
    }
    return ids;
  }

  private Optional<Value> value(Task task) {
    RecordedMap map = Records.find(tree, TENANTS).orElseThrow();
    return switch (Records.get(map, task.tid())) {
      case EntryAccess.TaskResult.Done(Value value) -> Optional.of(value);
      case EntryAccess.TaskResult.NoEntry() -> Optional.empty();
      case EntryAccess.TaskResult other -> throw new AssertionError(other);
    };
  }
}
