package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.EntryAccess;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.SweepCounts;
import io.taskstorage.taskstore.SweepResult;
import io.taskstorage.taskstore.TaskFailure;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How far below the cgroup with the row a task may live. The programs look at {@link Pieces#LEVELS}
 * cgroups: the task's own, and one less above it.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class DeepCgroupsKernelTest {
  private static final MapName DEEP = new MapName("deep");
  private static final int DEEPEST = Pieces.LEVELS - 1;

  private static final int BYTES = Long.BYTES;
  private static final TaskFailure TOO_DEEP =
      new TaskFailure(
          Optional.empty(),
          "CgroupTooDeep",
          "find the rows of tasks: their cgroups are more than 39 levels below the root and below"
              + " any cgroup with a row: let a policy select one that is nearer, or nest cgroups"
              + " less deeply; it is looked at again",
          1,
          OptionalInt.empty());

  private Cgroup top;
  private TaskStore store;

  @BeforeEach
  void open(CgroupSandbox sandbox, @BpffsMount Path bpffs) {
    top = sandbox.create("top");
    store = TaskStores.inKernel(new PinTree(bpffs), CgroupTree.open(sandbox.top().path()));
    store.install(
        new StoreMap(
            DEEP,
            new BpfName("deep"),
            StructLayout.of("deep", List.of(Field.scalar("word", ScalarType.U8))),
            Reclaim.DELETE));
    assign(top, 1);
    store.sweep();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aTaskThatIsBorn32LevelsBelowFindsTheValue(Tasks tasks) {
    // When
    Task born = tasks.processIn(below(32).path());
    // Then
    assertThat(value(born)).contains(1);
    assertThat(value(born.fork())).contains(1);
    assertThat(value(born.thread())).contains(1);
  }

  @Test
  void asDeepAsTheProgramsLookATaskIsInLine(Tasks tasks) {
    // Given
    Cgroup deepest = below(DEEPEST);
    // When
    Task born = tasks.processIn(deepest.path());
    Task moved = tasks.process();
    deepest.add(moved);
    // Then
    assertThat(value(born)).contains(1);
    assertThat(value(moved)).contains(1);
    // When
    assign(top, 2);
    var swept = store.sweep().counts(DEEP);
    // Then
    assertThat(swept).isEqualTo(new SweepCounts(2, 0, 2, 0, 0, 0, 0));
    assertThat(value(born)).contains(2);
  }

  /**
   * One level deeper the programs do not reach the row: the task has no entry, of which they tell,
   * and walks count it. A row nearer to it is found.
   */
  @Test
  void deeperThanThatATaskIsWithoutValueAndToldOfUntilARowIsNearer(Tasks tasks) {
    // Given
    Cgroup tooDeep = below(DEEPEST + 1);
    // When
    Task born = tasks.processIn(tooDeep.path());
    // Then
    assertThat(value(born)).isEmpty();
    assertThat(store.sweep())
        .satisfies(swept -> assertThat(swept.counts(DEEP)).isEqualTo(SweepCounts.NONE))
        .satisfies(swept -> assertThat(swept.failures()).containsExactly(TOO_DEEP));
    assertThat(store.verify().failures()).containsExactly(TOO_DEEP);
    assertThat(value(born)).isEmpty();
    // When
    assign(below(1), 3);
    Task child = born.fork();
    SweepResult swept = store.sweep();
    // Then
    assertThat(value(child)).contains(3);
    assertThat(swept.counts(DEEP)).isEqualTo(new SweepCounts(2, 1, 0, 0, 0, 0, 0));
    assertThat(swept.failures()).isEmpty();
    assertThat(value(born)).contains(3);
  }

  @Test
  void whoIsBornOrMovedTooDeepIsCountedAndToldOf(Tasks tasks) {
    // Given
    Cgroup tooDeep = below(DEEPEST + 1);
    Task moved = tasks.processIn(top.path());
    try (BpfMap entries = TestMaps.entries("deep", BYTES);
        ProgramSet set =
            ProgramSet.load(
                ProgramSource.OF_THIS_KERNEL,
                List.of(new ProgramSet.SetMap(entries, BYTES, List.of(new ByteRange(0, BYTES)))))) {
      set.assign(top.id(), TestMaps.row(List.of(Optional.of(Value.zero(BYTES)))));
      set.attach();
      // When
      Task born = tasks.processIn(tooDeep.path());
      tooDeep.add(moved);
      // Then
      assertThat(set.events())
          .filteredOn(event -> event.kind() == Event.Kind.TASK_FAILED)
          .extracting(Event::task)
          .contains(born.tid(), moved.tid());
      assertThat(tooDeep(set, NodePrograms.Counted.NEWTASK)).isPositive();
      assertThat(tooDeep(set, NodePrograms.Counted.ATTACH)).isPositive();
    }
  }

  private static long tooDeep(ProgramSet set, NodePrograms.Counted program) {
    return set.tally(program).getFirst().getOrDefault(TallyField.TOO_DEEP, 0L);
  }

  private Cgroup below(int levels) {
    return top.create(Collections.nCopies(levels, "n").toArray(String[]::new));
  }

  private void assign(Cgroup cgroup, int word) {
    store.assign(
        new CgroupId(cgroup.id()), new Row(Map.of(DEEP, Value.of(new byte[] {(byte) word}))));
  }

  private Optional<Integer> value(Task task) {
    return switch (store.access(DEEP).get(task.tid())) {
      case EntryAccess.TaskResult.Done(Value value) -> Optional.of((int) value.toBytes()[0]);
      case EntryAccess.TaskResult.NoEntry() -> Optional.empty();
      case EntryAccess.TaskResult other -> throw new AssertionError(other);
    };
  }
}
