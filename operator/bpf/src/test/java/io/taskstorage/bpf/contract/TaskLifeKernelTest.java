package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Delete;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.MapSpec;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.TaskState;
import io.taskstorage.bpf.Update;
import io.taskstorage.bpf.UpdateMode;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of an entry while its task forks, makes threads, execs, ends. */
@KernelTest
final class TaskLifeKernelTest {
  private static final byte[] LEADER = {1, 1, 1, 1, 1, 1, 1, 1};
  private static final byte[] THREAD = {2, 2, 2, 2, 2, 2, 2, 2};

  private final List<Pidfd> opened = new ArrayList<>();
  private final BpfMap map = create();

  private static BpfMap create() {
    Types types = Types.bytes(8);
    return BpfMap.create(
        MapSpec.taskStorage("contract", 8, types.blob(), types.keyId(), types.valueId()));
  }

  @BeforeEach
  void noTaskHasAnEntry(Tasks tasks) {
    assertThat(map.lookup(open(tasks.driverPid()))).isInstanceOf(Lookup.NoEntry.class);
  }

  @AfterEach
  void close() {
    opened.forEach(Pidfd::close);
    map.close();
  }

  private Pidfd open(Task task) {
    return open(task.tid());
  }

  private Pidfd open(int tid) {
    PidfdResult result = Pidfd.openThread(tid);
    assertThat(result).isInstanceOf(PidfdResult.Opened.class);
    Pidfd pidfd = ((PidfdResult.Opened) result).pidfd();
    opened.add(pidfd);
    return pidfd;
  }

  private void tag(Pidfd task, byte[] value) {
    assertThat(map.update(task, value, UpdateMode.NOEXIST)).isInstanceOf(Update.Updated.class);
  }

  private void assertHolds(Pidfd task, byte[] value) {
    assertThat(map.lookup(task))
        .isInstanceOfSatisfying(
            Lookup.Present.class, present -> assertThat(present.value()).isEqualTo(value));
  }

  private void assertNoEntry(Pidfd task) {
    assertThat(map.lookup(task)).isInstanceOf(Lookup.NoEntry.class);
  }

  private void assertGone(Pidfd task) {
    assertThat(task.state()).isEqualTo(TaskState.REAPED);
    assertThat(map.lookup(task)).isInstanceOf(Lookup.TaskGone.class);
    assertThat(map.update(task, LEADER, UpdateMode.ANY)).isInstanceOf(Update.TaskGone.class);
    assertThat(map.delete(task)).isInstanceOf(Delete.TaskGone.class);
  }

  @Test
  void aForkedChildHasNothingOfItsParent(Tasks tasks) {
    // Given
    Task parent = tasks.process();
    tag(open(parent), LEADER);

    // When
    Pidfd child = open(parent.fork());
    Pidfd thread = open(parent.thread());

    // Then
    assertNoEntry(child);
    assertNoEntry(thread);
  }

  @Test
  void threadsHaveEntriesOfTheirOwn(Tasks tasks) {
    // Given
    Task leader = tasks.process();
    Pidfd first = open(leader);
    Pidfd second = open(leader.thread());

    // When
    tag(first, LEADER);
    tag(second, THREAD);

    // Then
    assertHolds(first, LEADER);
    assertHolds(second, THREAD);
    assertThat(map.delete(first)).isInstanceOf(Delete.Deleted.class);
    assertHolds(second, THREAD);
  }

  @Test
  void execKeepsTheEntry(Tasks tasks) {
    // Given
    Task process = tasks.process();
    Pidfd pidfd = open(process);
    tag(pidfd, LEADER);

    // When
    process.exec();

    // Then
    assertHolds(pidfd, LEADER);
    assertHolds(open(process), LEADER);
  }

  @Test
  void aThreadThatExecsBringsItsEntryToTheLeadersPid(Tasks tasks) {
    // Given
    Task leader = tasks.process();
    Task thread = leader.thread();
    Pidfd old = open(leader);
    Pidfd threads = open(thread);
    tag(old, LEADER);
    tag(threads, THREAD);

    // When
    leader.execFromThread(thread);

    // Then
    assertHolds(old, THREAD);
    assertHolds(open(leader), THREAD);
    assertThat(map.lookup(threads)).isInstanceOf(Lookup.TaskGone.class);
  }

  @Test
  void aThreadThatExecsLeavesTheLeadersEntryBehind(Tasks tasks) {
    // Given
    Task leader = tasks.process();
    Task thread = leader.thread();
    Pidfd old = open(leader);
    tag(old, LEADER);

    // When
    leader.execFromThread(thread);

    // Then
    assertNoEntry(old);
    assertNoEntry(open(leader));
  }

  @Test
  void aZombieKeepsItsEntryUntilItIsReaped(Tasks tasks) {
    // Given
    Task process = tasks.process();
    Pidfd pidfd = open(process);
    tag(pidfd, LEADER);

    // When
    process.exit();

    // Then
    assertThat(pidfd.state()).isEqualTo(TaskState.EXITED);
    assertHolds(pidfd, LEADER);
    assertHolds(open(process), LEADER);
    process.reap();
    assertGone(pidfd);
  }

  @Test
  void aZombieCanStillBeGivenAnEntry(Tasks tasks) {
    // Given
    Task process = tasks.process();
    Pidfd pidfd = open(process);
    process.exit();

    // When
    tag(pidfd, LEADER);

    // Then
    assertHolds(pidfd, LEADER);
  }

  @Test
  void aThreadThatEndsIsGone(Tasks tasks) {
    // Given
    Task thread = tasks.process().thread();
    Pidfd pidfd = open(thread);
    tag(pidfd, THREAD);

    // When
    thread.exitThread();

    // Then
    assertGone(pidfd);
  }

  @Test
  void aZombieLeaderOfLiveThreadsKeepsItsEntry(Tasks tasks) {
    // Given
    Task leader = tasks.process();
    Pidfd threads = open(leader.thread());
    Pidfd leaders = open(leader);
    tag(leaders, LEADER);
    tag(threads, THREAD);

    // When
    leader.exitThread();

    // Then
    assertHolds(leaders, LEADER);
    assertHolds(threads, THREAD);
    assertThat(map.update(leaders, THREAD, UpdateMode.EXIST)).isInstanceOf(Update.Updated.class);
  }

  @Test
  void kernelThreadsTheFirstProcessAndOtherPidNamespacesAreTasksToo(Tasks tasks) {
    // Given
    Pidfd kthreadd = open(2);
    Pidfd first = open(1);
    Pidfd inside = open(tasks.process().forkIntoNewPidNamespace());

    // When
    tag(kthreadd, THREAD);
    tag(first, LEADER);
    tag(inside, THREAD);

    // Then
    assertHolds(kthreadd, THREAD);
    assertHolds(first, LEADER);
    assertHolds(inside, THREAD);
  }
}
