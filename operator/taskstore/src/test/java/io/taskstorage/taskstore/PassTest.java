package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static io.taskstorage.taskstore.ScriptedMembership.A;
import static io.taskstorage.taskstore.ScriptedMembership.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.EntryAccess.TaskResult;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens between two looks, which real cgroups show only by chance. */
class PassTest {
  private static final Value OF_A = tenant(1, "a");
  private static final Value OF_B = tenant(2, "b");

  private final ScriptedMembership membership = new ScriptedMembership();
  private TaskOpener opener = Pidfd::openThread;
  private TaskStore store =
      new RescanTaskStore(Plane.EMULATED, new EmulatedMaps(), membership, tid -> opener.open(tid));

  @BeforeEach
  void assignBoth() {
    store.install(TENANT_MAP);
    store.assign(A, row(OF_A));
    store.assign(B, row(OF_B));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aNumberThatIsUsedAgainAfterTheLookLeavesNoStray(Tasks tasks) {
    // Given: the number was seen in A, but the task that has it now is in no assigned cgroup.
    Task stranger = tasks.process();
    membership.next(Map.of(stranger.tid(), A), Map.of());
    // When
    SweepResult swept = store.sweep();
    // Then
    assertThat(value(stranger)).isEmpty();
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(0, 1, 0, 1, 0, 0, 0));
  }

  @Test
  void aTaskThatMovesBetweenLookAndWriteGetsTheRowOfItsNewCgroup(Tasks tasks) {
    // Given
    Task mover = tasks.process();
    membership.next(Map.of(mover.tid(), A), Map.of(mover.tid(), B));
    // When
    SweepResult swept = store.sweep();
    // Then
    assertThat(value(mover)).contains(OF_B);
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 1, 1, 0, 0, 0, 0));
  }

  @Test
  void aTaskThatOneReadingMissedKeepsItsEntry(Tasks tasks) {
    // Given
    Task mover = tasks.process();
    membership.next(Map.of(mover.tid(), A));
    store.sweep();
    membership.next(Map.of(), Map.of(mover.tid(), A));
    // When
    SweepResult swept = store.sweep();
    // Then
    assertThat(value(mover)).contains(OF_A);
    assertThat(swept.changes()).isZero();
  }

  @Test
  void aTaskThatWasMissedAndTurnsUpElsewhereGetsItsNewRow(Tasks tasks) {
    // Given
    Task mover = tasks.process();
    membership.next(Map.of(mover.tid(), A));
    store.sweep();
    membership.next(Map.of(), Map.of(mover.tid(), B));
    // When
    SweepResult swept = store.sweep();
    // Then
    assertThat(value(mover)).contains(OF_B);
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 1, 0, 0, 0, 0));
  }

  @Test
  void aTaskThatStartsDuringThePassIsReachedByIt(Tasks tasks) {
    // Given
    Task first = tasks.process();
    Task second = tasks.process();
    membership.next(Map.of(first.tid(), A), Map.of(first.tid(), A, second.tid(), A));
    // When
    store.sweep();
    // Then
    assertThat(value(second)).contains(OF_A);
  }

  @Test
  void aRestlessTaskEndsThePassAndTheNextOneMendsIt(Tasks tasks) {
    // Given
    int tid = tasks.process().tid();
    Map<Integer, CgroupId> inA = Map.of(tid, A);
    Map<Integer, CgroupId> inB = Map.of(tid, B);
    membership.next(List.of(inA, inB, inA, inB, inA, inB, inA, inB));
    // When
    store.sweep();
    // Then
    assertThat(membership.readingsTaken()).isEqualTo(Pass.MAX_ROUNDS);
    membership.next(Map.of());
    store.sweep();
    assertThat(store.access(TENANTS).get(tid)).isEqualTo(new TaskResult.NoEntry());
  }

  @Test
  void whereACgroupCannotBeReadNobodyLosesItsEntry(Tasks tasks) {
    // Given
    Task inA = tasks.process();
    Task inB = tasks.process();
    membership.next(Map.of(inA.tid(), A, inB.tid(), B));
    store.sweep();
    membership.unreadable(B);
    // When
    SweepResult swept = store.sweep();
    // Then
    assertThat(value(inB)).contains(OF_B);
    assertThat(swept.changes()).isZero();
    assertThat(swept.cgroupsGone()).isZero();
    assertThat(swept.failures())
        .containsExactly(
            new TaskFailure(
                Optional.empty(),
                "EMFILE",
                "read /b: too many open files",
                0,
                OptionalInt.empty()));
  }

  @Test
  void aPassThatCouldNotSeeEverythingPutsNoRowInForce(Tasks tasks) {
    // Given
    Task process = tasks.process();
    membership.next(Map.of(process.tid(), A));
    membership.unreadable(A);
    store.sweep();
    membership.unreadable();
    // When
    SweepResult swept = store.sweep();
    // Then: created, not late.
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void aCgroupThatVanishesBetweenLookAndReadIsGone(Tasks tasks) {
    // Given
    Task process = tasks.process();
    membership.next(Map.of(process.tid(), A));
    store.sweep();
    membership.gone(A);
    // When
    SweepResult swept = store.sweep();
    // Then
    assertThat(swept.cgroupsGone()).isEqualTo(1);
    assertThat(swept.failures()).isEmpty();
    assertThat(value(process)).isEmpty();
  }

  @Test
  void aTaskThatEndsBetweenLookAndWriteIsNoFailure(Tasks tasks) {
    // Given
    Task process = tasks.process();
    membership.next(Map.of(process.tid(), A));
    process.exit();
    process.reap();
    // When
    SweepResult swept = store.sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(SweepCounts.NONE);
    assertThat(swept.failures()).isEmpty();
  }

  @Test
  void aZombieGetsNoEntryAnyMore(Tasks tasks) {
    // Given
    Task process = tasks.process();
    membership.next(Map.of(process.tid(), A));
    process.exit();
    // When
    SweepResult swept = store.sweep();
    // Then
    assertThat(value(process)).isEmpty();
    assertThat(swept.changes()).isZero();
  }

  @Test
  void theFirstPassRemovesWhatADeadPredecessorLeftAnywhere(Tasks tasks) {
    // Given
    Task stray = tasks.process();
    Task later = tasks.process();
    store.access(TENANTS).set(stray.tid(), OF_A);
    // When
    SweepResult first = store.sweep();
    store.access(TENANTS).set(later.tid(), OF_A);
    SweepResult second = store.sweep();
    // Then: later passes look at assigned cgroups, and at what they left before.
    assertThat(first.counts(TENANTS)).isEqualTo(new SweepCounts(0, 0, 0, 1, 0, 0, 0));
    assertThat(value(stray)).isEmpty();
    assertThat(second.changes()).isZero();
    assertThat(value(later)).contains(OF_A);
  }

  @Test
  void verifyFindsStraysOnceAndLeavesThem(Tasks tasks) {
    // Given
    Task stray = tasks.process();
    store.access(TENANTS).set(stray.tid(), OF_A);
    // When
    SweepResult said = store.verify();
    // Then
    assertThat(said.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 0, 1, 0, 0, 0));
    assertThat(value(stray)).contains(OF_A);
  }

  @Test
  void aLackOfDescriptorsIsOneFailureAndTakesNothingAway(Tasks tasks) {
    // Given
    List<Task> processes = tasks.processes(3);
    Map<Integer, CgroupId> all =
        Map.of(processes.get(0).tid(), A, processes.get(1).tid(), A, processes.get(2).tid(), A);
    membership.next(Map.of(processes.get(0).tid(), A));
    store.sweep();
    BpfException none =
        new BpfException("pidfd open", "task", Errno.EMFILE, "raise the limit of open files");
    // When
    membership.next(all);
    opener = tid -> new PidfdResult.Refused(none);
    SweepResult refused = store.sweep();
    opener = Pidfd::openThread;
    SweepResult mended = store.sweep();
    // Then
    assertThat(refused.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 0, 0, 0, 0, 3));
    assertThat(refused.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.map()).isEmpty();
              assertThat(failure.reason()).isEqualTo("EMFILE");
              assertThat(failure.message())
                  .isEqualTo(
                      "pidfd open task: EMFILE (too many open files in this process): raise"
                          + " the limit of open files");
              assertThat(failure.tasks()).isEqualTo(3);
              assertThat(all).containsKey(failure.exampleTid().orElseThrow());
            });
    assertThat(mended.counts(TENANTS)).isEqualTo(new SweepCounts(3, 0, 0, 0, 0, 2, 0));
  }

  @Test
  void whatCannotBeNamedFromHereIsCounted(Tasks tasks) {
    // Given
    Task leader = tasks.process();
    Task thread = leader.thread();
    membership.next(Map.of(leader.tid(), A, thread.tid(), A));
    membership.outsideNamespace(4);
    opener =
        tid -> tid == thread.tid() ? new PidfdResult.ThreadUnsupported() : Pidfd.openThread(tid);
    // When
    SweepResult swept = store.sweep();
    // Then
    assertThat(swept.threadsUnreachable()).isEqualTo(5);
    assertThat(swept.tasks()).isEqualTo(2);
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 1, 0, 0, 0, 0, 0));
    assertThat(swept.failures()).isEmpty();
  }

  private Optional<Value> value(Task task) {
    return store.access(TENANTS).get(task.tid()) instanceof TaskResult.Done(Value value)
        ? Optional.of(value)
        : Optional.empty();
  }
}
