package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static io.taskstorage.taskstore.Samples.withHits;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.taskstore.EntryAccess.TaskResult;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every plane does for tasks that come, go, move, and are written to by others. */
interface TaskContract extends Stage {
  @Test
  default void whatSomebodyElseWroteIsMendedAndCounted(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    // When
    store().access(TENANTS).set(process.tid(), tenant(66, "evil"));
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 0, 0, 1, 0, 0));
    assertThat(values()).isEqualTo(Map.of(process.tid(), tenant(1, "a")));
  }

  @Test
  default void anEntryThatSomebodyElseMadeUnderARowInForceIsForeign(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    Task child = process.fork();
    store().access(TENANTS).set(child.tid(), tenant(66, "evil"));
    // When
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(2, 0, 0, 0, 1, 0, 0));
    assertThat(values()).containsEntry(child.tid(), tenant(1, "a"));
  }

  @Test
  default void anEntryThatSomebodyElseRemovedIsMadeAgain(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    // When
    store().access(TENANTS).delete(process.tid());
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 0, 0, 0, 1, 0));
    assertThat(values()).isEqualTo(Map.of(process.tid(), tenant(1, "a")));
  }

  @Test
  default void aProgramsOwnFieldIsNeverTouched(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    store().access(TENANTS).set(process.tid(), withHits(tenant(1, "a"), 4711));
    SweepResult unchanged = store().sweep();
    // When
    store().assign(world().mkdir("/a"), row(tenant(2, "b")));
    SweepResult changed = store().sweep();
    // Then
    assertThat(unchanged.changes()).isZero();
    assertThat(changed.counts(TENANTS).updated()).isEqualTo(1);
    assertThat(values()).isEqualTo(Map.of(process.tid(), withHits(tenant(2, "b"), 4711)));
  }

  @Test
  default void aZombieKeepsWhatItHasUntilItIsReaped(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    process.exit();
    // When
    store().assign(world().mkdir("/a"), row(tenant(2, "b")));
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 0, 0, 0, 0, 0));
    assertThat(values()).isEqualTo(Map.of(process.tid(), tenant(1, "a")));
    process.reap();
    assertThat(values()).isEmpty();
    assertThat(store().sweep().counts(TENANTS)).isEqualTo(SweepCounts.NONE);
  }

  @Test
  default void theThreadsOfAZombieLeaderGoOn(Tasks tasks) {
    // Given
    needThreads();
    Task leader = member(tasks, "/a", tenant(1, "a"));
    Task thread = leader.thread();
    store().sweep();
    leader.exitThread();
    // When
    store().assign(world().mkdir("/a"), row(tenant(2, "b")));
    store().sweep();
    // Then
    assertThat(values())
        .isEqualTo(Map.of(leader.tid(), tenant(1, "a"), thread.tid(), tenant(2, "b")));
  }

  @Test
  default void afterAnExecByAThreadTheProcessHasItsValue(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    Task thread = process.thread();
    process.execFromThread(thread);
    // When
    store().sweep();
    // Then
    assertThat(values()).isEqualTo(Map.of(process.tid(), tenant(1, "a")));
  }

  @Test
  default void entriesTellWhoHasThem(Tasks tasks) {
    // Given
    needThreads();
    Task process = member(tasks, "/a/b", tenant(1, "a"));
    process.rename("webserver");
    Task thread = process.thread();
    thread.rename("worker");
    store().sweep();
    // When
    List<Entry> entries = store().entries(TENANTS);
    // Then
    assertThat(entries)
        .containsExactly(
            new Entry(process.tid(), process.pid(), "webserver", "/a/b", tenant(1, "a")),
            new Entry(thread.tid(), process.pid(), "worker", "/a/b", tenant(1, "a")));
  }

  @Test
  default void accessAnswersForEachStateOfATask(Tasks tasks) {
    // Given
    store().install(TENANT_MAP);
    EntryAccess access = store().access(TENANTS);
    Task process = tasks.process();
    int tid = process.tid();
    // When
    List<TaskResult> results =
        List.of(
            access.get(tid),
            access.delete(tid),
            access.set(tid, tenant(1, "a")),
            access.get(tid),
            access.delete(tid),
            access.get(tid));
    process.exit();
    process.reap();
    List<TaskResult> gone =
        List.of(access.get(tid), access.set(tid, tenant(1, "a")), access.delete(tid));
    // Then
    TaskResult done = new TaskResult.Done(tenant(1, "a"));
    TaskResult none = new TaskResult.NoEntry();
    assertThat(results).containsExactly(none, none, done, done, done, none);
    assertThat(gone).containsOnly(new TaskResult.NoTask());
  }
}
