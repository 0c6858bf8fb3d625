package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;

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
   * One level deeper the programs take the task for one without a row: it has no entry, and no walk
   * counts that. A row nearer to it is found.
   */
  @Test
  void deeperThanThatATaskIsWithoutValueUntilARowIsNearer(Tasks tasks) {
    // Given
    Cgroup tooDeep = below(DEEPEST + 1);
    // When
    Task born = tasks.processIn(tooDeep.path());
    // Then
    assertThat(value(born)).isEmpty();
    assertThat(store.sweep().counts(DEEP)).isEqualTo(SweepCounts.NONE);
    assertThat(value(born)).isEmpty();
    // When
    assign(below(1), 3);
    Task child = born.fork();
    var swept = store.sweep().counts(DEEP);
    // Then
    assertThat(value(child)).contains(3);
    assertThat(swept).isEqualTo(new SweepCounts(2, 1, 0, 0, 0, 0, 0));
    assertThat(value(born)).contains(3);
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
