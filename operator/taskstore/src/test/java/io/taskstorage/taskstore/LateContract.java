package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_LAYOUT;
import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.hint;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every plane counts as late: entries of tasks that ran before their row, which was overdue.
 */
interface LateContract extends Stage {
  @Test
  default void whoRanBeforeARowThatWasOverdueIsLate(Tasks tasks) {
    // Given
    needThreads();
    Task early = tooSoon(tasks, "/new", tenant(1, "a"));
    early.thread();
    early.fork();
    member(tasks, "/old", tenant(2, "b"));
    // When
    SweepResult swept = store().sweep();
    SweepResult again = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(4, 1, 0, 0, 0, 3, 0));
    assertThat(again.counts(TENANTS)).isEqualTo(new SweepCounts(4, 0, 0, 0, 0, 0, 0));
    assertThat(store().late()).isEqualTo(Map.of(TENANTS, 3L));
    assertThat(values()).containsEntry(early.tid(), tenant(1, "a")).hasSize(4);
  }

  @Test
  default void aValueThatChangesUnderAnOverdueRowIsUpdated(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    // When
    store().assign(world().mkdir("/a"), row(tenant(2, "b")), Set.of(TENANTS));
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 1, 0, 0, 0, 0));
    assertThat(store().late()).isEqualTo(Map.of(TENANTS, 0L));
    assertThat(values()).isEqualTo(Map.of(process.tid(), tenant(2, "b")));
  }

  @Test
  default void aRowIsOverdueForEachMapByItself(Tasks tasks) {
    // Given
    store().install(TENANT_MAP);
    store().install(HINT_MAP);
    CgroupId cgroup = world().mkdir("/a");
    world().move(tasks.process(), "/a");
    // When
    store().assign(cgroup, new Row(Map.of(TENANTS, tenant(1, "a"), HINTS, hint(9))), Set.of(HINTS));
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 1, 0, 0, 0, 0, 0));
    assertThat(swept.counts(HINTS)).isEqualTo(new SweepCounts(1, 0, 0, 0, 0, 1, 0));
    assertThat(store().late()).isEqualTo(Map.of(TENANTS, 0L, HINTS, 1L));
  }

  @Test
  default void whatADryRunFindsLateIsNotAddedUp(Tasks tasks) {
    // Given
    tooSoon(tasks, "/a", tenant(1, "a"));
    // When
    SweepResult said = store().verify();
    // Then
    assertThat(said.counts(TENANTS).late()).isEqualTo(1);
    assertThat(store().late()).isEqualTo(Map.of(TENANTS, 0L));
  }

  @Test
  default void aMapOfAnotherLayoutBeginsAnew(Tasks tasks) {
    // Given
    tooSoon(tasks, "/a", tenant(1, "a"));
    store().sweep();
    // When
    store().install(TENANT_MAP);
    Map<MapName, Long> same = store().late();
    store().install(new StoreMap(TENANTS, TENANT_CTX, HINT_LAYOUT, Reclaim.DELETE));
    Map<MapName, Long> other = store().late();
    // Then
    assertThat(same).isEqualTo(Map.of(TENANTS, 1L));
    assertThat(other).isEqualTo(Map.of(TENANTS, 0L));
  }
}
