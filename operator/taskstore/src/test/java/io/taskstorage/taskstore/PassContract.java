package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.Probe;
import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.EntryAccess.TaskResult;
import io.taskstorage.testkit.OlderKernel;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What planes do that pass over the tasks again and again: new tasks have to wait for the next
 * pass.
 */
interface PassContract extends TaskStoreContract {
  @Override
  default void needThreads() {
    OlderKernel.needs(
        new Probe().threadPidfd() instanceof ProbeResult.Yes, OlderKernel.NO_THREAD_PIDFD);
  }

  @Test
  default void aTaskThatStartsUnderARowInForceIsLate(Tasks tasks) {
    // Given
    needThreads();
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    Task child = process.fork();
    Task thread = process.thread();
    // When
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(3, 0, 0, 0, 0, 2, 0));
    assertThat(values()).containsKeys(process.tid(), child.tid(), thread.tid());
  }

  @Test
  default void aTaskThatMovesFollowsItsCgroup(Tasks tasks) {
    // Given
    Task mover = member(tasks, "/a", tenant(1, "a"));
    Task leaver = member(tasks, "/a", tenant(1, "a"));
    Task stayer = member(tasks, "/b", tenant(2, "b"));
    store().sweep();
    world().mkdir("/elsewhere");
    // When
    world().move(mover, "/b");
    world().move(leaver, "/elsewhere");
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(2, 0, 1, 1, 0, 0, 0));
    assertThat(values())
        .isEqualTo(Map.of(mover.tid(), tenant(2, "b"), stayer.tid(), tenant(2, "b")));
  }

  @Test
  default void aForkedChildHasNoEntryBeforeTheNextSweepAndExecKeepsIt(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    // When
    Task child = process.fork();
    process.exec();
    // Then
    assertThat(store().access(TENANTS).get(child.tid())).isEqualTo(new TaskResult.NoEntry());
    assertThat(values()).isEqualTo(Map.of(process.tid(), tenant(1, "a")));
  }

  @Test
  default void verifySaysWhatSweepWouldDoAndDoesNothing(Tasks tasks) {
    // Given
    Task foreign = member(tasks, "/a", tenant(1, "a"));
    Task leaver = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    world().mkdir("/elsewhere");
    world().move(leaver, "/elsewhere");
    Task late = foreign.fork();
    store().access(TENANTS).set(foreign.tid(), tenant(66, "evil"));
    Map<Integer, Value> before = values();
    // When
    SweepResult said = store().verify();
    // Then
    assertThat(values()).isEqualTo(before).doesNotContainKey(late.tid());
    assertThat(said.counts(TENANTS)).isEqualTo(new SweepCounts(2, 0, 0, 1, 1, 1, 0));
    assertThat(store().sweep().counts(TENANTS)).isEqualTo(new SweepCounts(2, 0, 0, 1, 1, 1, 0));
    assertThat(store().verify().changes()).isZero();
  }
}
