package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.taskstore.inkernel.TallyField.FAILED;
import static io.taskstorage.taskstore.inkernel.TallyField.LATE;
import static io.taskstorage.taskstore.inkernel.TallyField.LOST;
import static io.taskstorage.taskstore.inkernel.TallyField.MADE;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.inkernel.NodePrograms.Counted;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More events than their ring holds, and nobody takes them out. */
@KernelTest(needs = {KernelTest.Need.CGROUP2})
class RingOverrunKernelTest {
  /** Cgroups that are made and removed before it is looked at what was lost. */
  private static final int TURNS = 1_000;

  /** Reached only by a ring that never says that it is full. */
  private static final int MOST_TURNS = 500_000;

  private BpfMap entries;
  private ProgramSet set;

  @BeforeEach
  void load() {
    entries = TestMaps.entries("overrun", 8);
    set =
        ProgramSet.load(
            ProgramSource.OF_THIS_KERNEL,
            List.of(new ProgramSet.SetMap(entries, 8, List.of(new ByteRange(0, 8)))));
    set.attach();
  }

  @AfterEach
  void close() {
    set.close();
    entries.close();
  }

  @Test
  void whatIsLostIsCountedAndTasksAreInLineAllTheSame(CgroupSandbox sandbox, Tasks tasks) {
    // Given
    Cgroup one = sandbox.create("one");
    Cgroup two = sandbox.create("two");
    set.assign(one.id(), TestMaps.row(List.of(Optional.of(word(1)))));
    set.assign(two.id(), TestMaps.row(List.of(Optional.of(word(2)))));
    Task parent = tasks.processIn(one.path());
    Task mover = tasks.processIn(one.path());
    Task thread = mover.thread();
    set.events();
    // When
    long told = 2L * overrun(sandbox);
    // Then
    assertThat(value(parent.fork())).contains(word(1));
    assertThat(value(parent.thread())).contains(word(1));
    assertThat(value(parent.forkInto(two.path()))).contains(word(2));
    assertThat(count(Counted.NEWTASK, MADE)).isEqualTo(6);
    assertThat(count(Counted.NEWTASK, FAILED)).isZero();
    // When a process moves whose other threads user space ought to be told of
    two.add(mover);
    // Then
    assertThat(value(mover)).contains(word(2));
    assertThat(value(thread)).as("until it is swept").contains(word(1));
    assertThat(count(Counted.ATTACH, LOST)).isPositive();
    assertThat(count(Counted.ATTACH, FAILED)).isZero();
    // When
    var swept = set.sweep().getFirst();
    // Then
    assertThat(value(thread)).contains(word(2));
    assertThat(swept).containsEntry(FAILED, 0L).containsEntry(LATE, 0L);
    // When somebody takes out what there is
    long lost = count(Counted.CGROUPS, LOST);
    List<Event> events = set.events().stream().filter(event -> event.cgroup() != 0).toList();
    // Then each was told or counted, and from now on all are told again
    assertThat(events.size() + lost).isGreaterThanOrEqualTo(told);
    assertThat(events).doesNotHaveDuplicates();
    long id = sandbox.create("after").id();
    assertThat(set.events()).contains(new Event(Event.Kind.CGROUP_MADE, 0, 0, id));
  }

  /** Makes and removes cgroups until there is no room for more events; returns how many. */
  private int overrun(CgroupSandbox sandbox) {
    int turns = 0;
    while (count(Counted.CGROUPS, LOST) == 0) {
      assertThat(turns).as("cgroups that were told of twice").isLessThan(MOST_TURNS);
      for (int i = 0; i < TURNS; i++) {
        sandbox.create("flood").remove();
      }
      turns += TURNS;
    }
    return turns;
  }

  private long count(Counted program, TallyField field) {
    return set.tally(program).getFirst().getOrDefault(field, -1L);
  }

  private Optional<Value> value(Task task) {
    if (!(Pidfd.openThread(task.tid()) instanceof PidfdResult.Opened(Pidfd pidfd))) {
      throw new AssertionError("pidfd open: " + task);
    }
    try (pidfd) {
      return entries.lookup(pidfd) instanceof Lookup.Present(byte[] value)
          ? Optional.of(Value.of(value))
          : Optional.empty();
    }
  }

  private static Value word(long word) {
    return Value.of(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(word).array());
  }
}
