package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.taskstore.inkernel.TallyField.FAILED;
import static io.taskstorage.taskstore.inkernel.TallyField.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.Probe;
import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.bpf.UpdateMode;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.inkernel.NodePrograms.Counted;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A task that is born has its value, whoever its parent is and however it is born. */
@KernelTest(needs = {KernelTest.Need.CGROUP2})
@GuestTest(GuestSuite.IN_KERNEL)
class FirstActKernelTest {
  private static final boolean CAN_OPEN_THREADS =
      new Probe().threadPidfd() instanceof ProbeResult.Yes;

  private BpfMap tenants;
  private BpfMap hints;
  private ProgramSet set;

  @BeforeEach
  void load() {
    tenants = TestMaps.entries("tenants", 24);
    hints = TestMaps.entries("hints", 8);
    set =
        ProgramSet.load(
            ProgramSource.OF_THIS_KERNEL,
            List.of(
                // The word in the middle is a program's own.
                new ProgramSet.SetMap(
                    tenants, 24, List.of(new ByteRange(0, 8), new ByteRange(16, 8))),
                new ProgramSet.SetMap(hints, 8, List.of(new ByteRange(0, 8)))));
    set.attach();
  }

  @AfterEach
  void close() {
    set.close();
    tenants.close();
    hints.close();
  }

  @Test
  void whateverWayItIsBorn(CgroupSandbox sandbox, Tasks tasks) {
    // Given
    Cgroup one = sandbox.create("one");
    Cgroup inner = one.create("inner");
    Cgroup two = sandbox.create("two");
    Task parent = tasks.process();
    Task waiting = tasks.process();
    one.add(parent);
    one.add(waiting);
    set.assign(one.id(), row(1, 11));
    set.assign(two.id(), row(2));
    // When
    Task fork = parent.fork();
    Task vfork = waiting.vfork();
    Task thread = parent.thread();
    Task elsewhere = parent.forkInto(two.path());
    Task below = parent.forkInto(inner.path());
    Task outside = tasks.process();
    // Then
    assertThat(of(tenants, fork, vfork, thread, elsewhere, below, outside))
        .containsExactly("1 0 1", "1 0 1", "1 0 1", "2 0 2", "1 0 1", "none");
    assertThat(of(hints, fork, vfork, thread, elsewhere, below, outside))
        .containsExactly("11", "11", "11", "none", "11", "none");
    assertThat(of(tenants, parent)).as("was there before the row").containsExactly("none");
    assertThat(counts(set.tally(Counted.NEWTASK), TallyField.MADE)).containsExactly(5L, 4L);
    assertThat(counts(set.tally(Counted.NEWTASK), FAILED)).containsExactly(0L, 0L);
  }

  @Test
  void aSweepBringsInLineWhatWasThere(CgroupSandbox sandbox, Tasks tasks) {
    // Given
    Cgroup one = sandbox.create("one");
    Task process = tasks.process();
    one.add(process);
    Task thread = process.thread();
    set.assign(one.id(), row(1, 11));
    // When
    var first = set.sweep();
    set.advance();
    var second = set.sweep();
    set.assign(one.id(), row(7));
    var third = set.sweep();
    // Then
    assertThat(text(first)).containsExactly("2 present, 2 made", "2 present, 2 made");
    assertThat(text(second)).containsExactly("2 present", "2 present");
    assertThat(text(third)).containsExactly("2 present, 2 overwritten", "2 deleted");
    assertThat(of(tenants, process, thread)).containsExactly("7 0 7", "7 0 7");
    assertThat(of(hints, process, thread)).containsExactly("none", "none");
    assertThat(set.list(0))
        .containsExactlyInAnyOrder(
            new Found(process.tid(), process.pid(), one.id(), words(7, 0, 7)),
            new Found(thread.tid(), process.pid(), one.id(), words(7, 0, 7)));
    assertThat(set.list(1)).isEmpty();
  }

  @Test
  void whatOughtToHaveBeenThereIsCountedApart(CgroupSandbox sandbox, Tasks tasks) {
    // Given
    Cgroup one = sandbox.create("one");
    Task process = tasks.process();
    one.add(process);
    set.assign(one.id(), row(1, 11));
    set.sweep();
    set.advance();
    // When: somebody else removes one entry and writes into the other
    try (Pidfd pidfd = open(process)) {
      tenants.delete(pidfd);
      hints.update(pidfd, words(66).toBytes(), UpdateMode.EXIST);
    }
    // Then
    assertThat(text(set.verify())).containsExactly("1 present, 1 late", "1 present, 1 foreign");
    assertThat(of(tenants, process)).as("was only looked at").containsExactly("none");
    assertThat(text(set.sweep())).containsExactly("1 present, 1 late", "1 present, 1 foreign");
    assertThat(text(set.sweep())).containsExactly("1 present", "1 present");
    // When the row of one map changes, and somebody writes into both
    try (Pidfd pidfd = open(process)) {
      tenants.update(pidfd, words(66, 5, 66).toBytes(), UpdateMode.EXIST);
      hints.update(pidfd, words(66).toBytes(), UpdateMode.EXIST);
    }
    set.assign(one.id(), row(2, 11));
    // Then
    assertThat(text(set.sweep()))
        .containsExactly("1 present, 1 overwritten", "1 present, 1 foreign");
    assertThat(of(tenants, process)).as("a program's own word stays").containsExactly("2 5 2");
  }

  @Test
  void aCgroupWithoutARowOfItsOwnHasThatOfTheNearestAbove(CgroupSandbox sandbox, Tasks tasks) {
    // Given
    Cgroup outer = sandbox.create("outer");
    Cgroup inner = outer.create("inner");
    Task process = tasks.process();
    inner.add(process);
    set.assign(outer.id(), row(1));
    set.assign(inner.id(), row(2));
    set.sweep();
    assertThat(of(tenants, process)).containsExactly("2 0 2");
    // When
    set.unassign(inner.id());
    Task born = process.fork();
    set.sweep();
    // Then
    assertThat(of(tenants, process, born)).containsExactly("1 0 1", "1 0 1");
    // When
    set.assign(inner.id(), row(3));
    set.unassign(outer.id());
    set.unassign(inner.id());
    set.sweep();
    // Then
    assertThat(of(tenants, process, born)).containsExactly("none", "none");
  }

  @Test
  void aProcessThatIsMovedHasTheValueOfWhereItIs(CgroupSandbox sandbox, Tasks tasks) {
    // Given
    Cgroup one = sandbox.create("one");
    Cgroup free = sandbox.create("free");
    set.assign(one.id(), row(1, 11));
    Task process = tasks.process();
    // When
    one.add(process);
    // Then
    assertThat(of(tenants, process)).containsExactly("1 0 1");
    // When
    free.add(process);
    // Then
    assertThat(of(tenants, process)).containsExactly("none");
    // When: of a process with threads the others are told of
    Task thread = process.thread();
    set.events();
    one.add(process);
    // Then
    assertThat(of(tenants, process, thread)).containsExactly("1 0 1", "none");
    assertThat(set.events())
        .contains(new Event(Event.Kind.PROCESS_MOVED, process.tid(), process.pid(), 0));
  }

  @Test
  void cgroupsAreToldOf(CgroupSandbox sandbox) {
    // When
    Cgroup one = sandbox.create("one");
    long id = one.id();
    one.remove();
    // Then
    assertThat(set.events())
        .containsSubsequence(
            new Event(Event.Kind.CGROUP_MADE, 0, 0, id),
            new Event(Event.Kind.CGROUP_REMOVED, 0, 0, id));
  }

  private static List<Long> counts(List<Map<TallyField, Long>> tally, TallyField field) {
    return tally.stream().map(counts -> counts.getOrDefault(field, -1L)).toList();
  }

  /** What is not zero of what was done for each map. */
  private static List<String> text(List<Map<TallyField, Long>> tally) {
    return tally.stream().map(FirstActKernelTest::text).toList();
  }

  private static String text(Map<TallyField, Long> counts) {
    return counts.entrySet().stream()
        .filter(each -> EnumSet.range(PRESENT, FAILED).contains(each.getKey()))
        .filter(each -> each.getValue() != 0)
        .map(each -> each.getValue() + " " + each.getKey().name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static List<RowValue> row(long tenant) {
    return TestMaps.row(List.of(Optional.of(words(tenant, 0, tenant)), Optional.empty()));
  }

  private static List<RowValue> row(long tenant, long hint) {
    return TestMaps.row(List.of(Optional.of(words(tenant, 0, tenant)), Optional.of(words(hint))));
  }

  private static Value words(long... words) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * words.length).order(ByteOrder.nativeOrder());
    Arrays.stream(words).forEach(bytes::putLong);
    return Value.of(bytes.array());
  }

  private List<String> of(BpfMap map, Task... tasks) {
    return Arrays.stream(tasks).map(task -> entry(map, task).orElse("none")).toList();
  }

  private static Pidfd open(Task task) {
    if (Pidfd.openThread(task.tid()) instanceof PidfdResult.Opened(Pidfd pidfd)) {
      return pidfd;
    }
    throw new AssertionError("pidfd open: " + task);
  }

  private Optional<String> entry(BpfMap map, Task task) {
    if (!CAN_OPEN_THREADS && !task.isLeader()) {
      // Nobody but a program of ours can tell.
      return set.list(map == tenants ? 0 : 1).stream()
          .filter(found -> found.tid() == task.tid())
          .map(found -> text(found.value().toBytes()))
          .findFirst();
    }
    try (Pidfd pidfd = open(task)) {
      return map.lookup(pidfd) instanceof Lookup.Present(byte[] value)
          ? Optional.of(text(value))
          : Optional.empty();
    }
  }

  private static String text(byte[] value) {
    ByteBuffer words = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
    List<String> text = new ArrayList<>();
    while (words.hasRemaining()) {
      text.add(Long.toString(words.getLong()));
    }
    return String.join(" ", text);
  }
}
