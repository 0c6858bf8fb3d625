package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.hint;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every plane makes of rows. */
interface RowContract extends Stage {
  @Test
  default void everyThreadOfAnAssignedCgroupGetsItsEntry(Tasks tasks) {
    // Given
    needThreads();
    CgroupId web = world().mkdir("/web");
    Task process = tasks.process();
    Task thread = process.thread();
    world().move(process, "/web");
    store().install(TENANT_MAP);
    store().assign(web, row(tenant(7, "shop")));
    // When
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(2, 2, 0, 0, 0, 0, 0));
    assertThat(swept.tasks()).isEqualTo(2);
    assertThat(values())
        .isEqualTo(Map.of(process.tid(), tenant(7, "shop"), thread.tid(), tenant(7, "shop")));
  }

  @Test
  default void aSecondSweepFindsNothingToDo(Tasks tasks) {
    // Given
    Task process = member(tasks, "/web", tenant(7, "shop"));
    store().sweep();
    // When
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 0, 0, 0, 0, 0));
    assertThat(values()).isEqualTo(Map.of(process.tid(), tenant(7, "shop")));
  }

  @Test
  default void theNearestAncestorWithARowDecides(Tasks tasks) {
    // Given
    Task outer = member(tasks, "/a", tenant(1, "outer"));
    Task between = tasks.process();
    world().mkdir("/a/b");
    world().move(between, "/a/b");
    Task inner = member(tasks, "/a/b/c", tenant(2, "inner"));
    Task below = tasks.process();
    world().mkdir("/a/b/c/d");
    world().move(below, "/a/b/c/d");
    // When
    store().sweep();
    // Then
    assertThat(values())
        .isEqualTo(
            Map.of(
                outer.tid(), tenant(1, "outer"),
                between.tid(), tenant(1, "outer"),
                inner.tid(), tenant(2, "inner"),
                below.tid(), tenant(2, "inner")));
  }

  @Test
  default void anEmptyRowShieldsFromAnAncestor(Tasks tasks) {
    // Given
    Task outer = member(tasks, "/a", tenant(1, "outer"));
    Task inner = tasks.process();
    CgroupId shielded = world().mkdir("/a/b");
    world().move(inner, "/a/b");
    store().sweep();
    // When
    store().assign(shielded, Row.EMPTY);
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 0, 1, 0, 0, 0));
    assertThat(values()).isEqualTo(Map.of(outer.tid(), tenant(1, "outer")));
  }

  @Test
  default void aChangedRowIsUpdatedAndAnEqualOneLeftAlone(Tasks tasks) {
    // Given
    Task changed = member(tasks, "/a", tenant(1, "a"));
    Task same = member(tasks, "/b", tenant(2, "b"));
    store().sweep();
    // When
    store().assign(world().mkdir("/a"), row(tenant(3, "c")));
    store().assign(world().mkdir("/b"), row(tenant(2, "b")));
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(2, 0, 1, 0, 0, 0, 0));
    assertThat(values())
        .isEqualTo(Map.of(changed.tid(), tenant(3, "c"), same.tid(), tenant(2, "b")));
  }

  @Test
  default void unassigningTakesTheEntriesAway(Tasks tasks) {
    // Given
    needThreads();
    member(tasks, "/a", tenant(1, "a")).thread();
    store().sweep();
    // When
    store().unassign(world().mkdir("/a"));
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(0, 0, 0, 2, 0, 0, 0));
    assertThat(values()).isEmpty();
  }

  @Test
  default void unassigningAnInnerCgroupGivesItBackToTheOuter(Tasks tasks) {
    // Given
    Task outer = member(tasks, "/a", tenant(1, "outer"));
    Task inner = member(tasks, "/a/b", tenant(2, "inner"));
    store().sweep();
    // When
    store().unassign(world().mkdir("/a/b"));
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(2, 0, 1, 0, 0, 0, 0));
    assertThat(values())
        .isEqualTo(Map.of(outer.tid(), tenant(1, "outer"), inner.tid(), tenant(1, "outer")));
  }

  @Test
  default void aRowSpeaksForAllMaps(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().install(HINT_MAP);
    CgroupId a = world().mkdir("/a");
    store().assign(a, new Row(Map.of(TENANTS, tenant(1, "a"), HINTS, hint(9))));
    SweepResult both = store().sweep();
    // When
    store().assign(a, new Row(Map.of(HINTS, hint(9))));
    SweepResult one = store().sweep();
    // Then
    assertThat(both.counts(HINTS).created()).isEqualTo(1);
    assertThat(one.counts(TENANTS)).isEqualTo(new SweepCounts(0, 0, 0, 1, 0, 0, 0));
    assertThat(one.counts(HINTS)).isEqualTo(new SweepCounts(1, 0, 0, 0, 0, 0, 0));
    assertThat(store().entries(HINTS)).extracting(Entry::tid).containsExactly(process.tid());
  }

  @Test
  default void aCgroupThatIsGoneIsCountedUntilItIsUnassigned(Tasks tasks) {
    // Given
    CgroupId gone = world().mkdir("/gone");
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().assign(gone, row(tenant(2, "b")));
    store().sweep();
    // When
    world().rmdir("/gone");
    SweepResult swept = store().sweep();
    store().unassign(gone);
    SweepResult after = store().sweep();
    // Then
    assertThat(swept.cgroupsGone()).isEqualTo(1);
    assertThat(swept.failures()).isEmpty();
    assertThat(after.cgroupsGone()).isZero();
    assertThat(values()).containsOnlyKeys(process.tid());
  }
}
