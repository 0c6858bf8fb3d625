package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.layout.Value;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More rows, or more different values, than the kernel's tables hold. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class FullTablesKernelTest {
  /** Ids that no cgroup has: the kernel counts up from 1. */
  private static final long MADE_UP = 1L << 48;

  /** Reached only by a table that does not say that it is full. */
  private static final int MOST = 100_000;

  private World world;
  private TaskStore store;
  private Task member;
  private Task waiting;
  private CgroupId first;
  private CgroupId second;

  @BeforeEach
  void open(CgroupSandbox sandbox, @BpffsMount Path bpffs, Tasks tasks) {
    world = World.real(sandbox);
    store = TaskStores.inKernel(new PinTree(bpffs), world.membership());
    store.install(TENANT_MAP);
    first = world.mkdir("/first");
    second = world.mkdir("/second");
    member = tasks.process();
    waiting = tasks.process();
    world.move(member, "/first");
    world.move(waiting, "/second");
    store.assign(first, row(tenant(1, "first")));
    store.sweep();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aRowTooManyIsRefusedAndTheOthersStayInForce() {
    // Given
    int rows = fill(_ -> row(tenant(2, "same")));
    assertThat(rows).as("rows besides the first").isGreaterThanOrEqualTo(8_000);
    // When
    assertThatThrownBy(() -> store.assign(second, row(tenant(3, "second"))))
        .isInstanceOf(StoreException.class);
    // Then
    assertAsItWas();
    // When a row goes
    store.unassign(new CgroupId(MADE_UP));
    store.assign(second, row(tenant(3, "second")));
    SweepResult swept = store.sweep();
    // Then
    assertThat(swept.counts(TENANTS).failed()).isZero();
    assertThat(value(waiting)).isEqualTo(tenant(3, "second"));
    assertThat(value(waiting.fork())).isEqualTo(tenant(3, "second"));
    assertThat(value(member.fork())).isEqualTo(tenant(1, "first"));
  }

  @Test
  void aRowCanChangeThoughTheTableOfRowsIsFull() {
    // Given
    fill(_ -> row(tenant(2, "same")));
    // When
    store.assign(first, row(tenant(4, "changed")));
    store.sweep();
    // Then
    assertThat(value(member)).isEqualTo(tenant(4, "changed"));
    assertThat(value(member.fork())).isEqualTo(tenant(4, "changed"));
  }

  @Test
  void aValueTooManyIsRefusedAndTheOthersStayInForce() {
    // Given
    int values = fill(i -> row(tenant(1_000 + i, "other")));
    assertThat(values).as("values besides the first").isGreaterThanOrEqualTo(4_000);
    // When
    assertThatThrownBy(() -> store.assign(second, row(tenant(3, "second"))))
        .isInstanceOf(StoreException.class);
    // Then
    assertAsItWas();
    // When a value goes with its row
    store.unassign(new CgroupId(MADE_UP));
    store.assign(second, row(tenant(3, "second")));
    SweepResult swept = store.sweep();
    // Then
    assertThat(swept.counts(TENANTS).failed()).isZero();
    assertThat(value(waiting)).isEqualTo(tenant(3, "second"));
    assertThat(value(waiting.fork())).isEqualTo(tenant(3, "second"));
    assertThat(value(member.fork())).isEqualTo(tenant(1, "first"));
  }

  @Test
  void aRowThatCannotChangeStaysAsItIs() {
    // Given
    fill(i -> row(tenant(1_000 + i, "other")));
    // When
    assertThatThrownBy(() -> store.assign(first, row(tenant(4, "changed"))))
        .isInstanceOf(StoreException.class);
    // Then
    assertThat(store.sweep().changes()).isZero();
    assertThat(value(member)).isEqualTo(tenant(1, "first"));
    assertThat(value(member.fork())).isEqualTo(tenant(1, "first"));
    // When it is to be a value that there is
    store.assign(first, row(tenant(1_000, "other")));
    store.sweep();
    // Then
    assertThat(value(member.fork())).isEqualTo(tenant(1_000, "other"));
  }

  /** The next set of programs begins with all rows: one that was refused is none of them. */
  @Test
  void whatWasRefusedIsNotInTheWayOfAnotherMap() {
    // Given
    fill(i -> row(tenant(1_000 + i, "other")));
    assertThatThrownBy(() -> store.assign(first, row(tenant(4, "changed"))))
        .isInstanceOf(StoreException.class);
    // When
    store.install(HINT_MAP);
    SweepResult swept = store.sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 0, 0, 0, 0, 0));
    assertThat(value(member.fork())).isEqualTo(tenant(1, "first"));
  }

  /** What was in force before the refusal is so after it, and no more. */
  private void assertAsItWas() {
    SweepResult swept = store.sweep();
    assertThat(swept.changes()).isZero();
    assertThat(swept.counts(TENANTS).failed()).isZero();
    assertThat(store.access(TENANTS).get(waiting.tid()))
        .isEqualTo(new EntryAccess.TaskResult.NoEntry());
    assertThat(store.access(TENANTS).get(waiting.fork().tid()))
        .isEqualTo(new EntryAccess.TaskResult.NoEntry());
    assertThat(value(member)).isEqualTo(tenant(1, "first"));
    assertThat(value(member.fork())).isEqualTo(tenant(1, "first"));
  }

  /**
   * Assigns rows to made-up cgroups until one is refused.
   *
   * @return how many were not
   */
  private int fill(IntFunction<Row> rows) {
    for (int i = 0; i < MOST; i++) {
      CgroupId cgroup = new CgroupId(MADE_UP + i);
      try {
        store.assign(cgroup, rows.apply(i));
      } catch (StoreException e) {
        store.unassign(cgroup);
        return i;
      }
    }
    throw new AssertionError("the table took " + MOST + " of them");
  }

  private Value value(Task task) {
    if (store.access(TENANTS).get(task.tid()) instanceof EntryAccess.TaskResult.Done(Value value)) {
      return value;
    }
    throw new AssertionError(task + " has no entry");
  }
}
