package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_LAYOUT;
import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_LAYOUT;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.hint;
import static io.taskstorage.taskstore.Samples.row;
import static io.taskstorage.taskstore.Samples.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.layout.Field;
import io.taskstorage.layout.Owner;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every plane does with maps: install, publish, replace, remove, keep. */
interface MapContract extends Stage {
  @Test
  default void aMapIsCreatedOnceAndAdoptedAfterwards() {
    // When
    Installation first = store().install(TENANT_MAP);
    Installation second = store().install(TENANT_MAP);
    // Then
    assertThat(first).isEqualTo(new Installation.Created());
    assertThat(second).isEqualTo(new Installation.Adopted());
  }

  @Test
  default void installingAgainLeavesRowsAndEntriesAsTheyAre(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    // When
    store().install(TENANT_MAP);
    store().publish(TENANTS);
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.counts(TENANTS)).isEqualTo(new SweepCounts(1, 0, 0, 0, 0, 0, 0));
    assertThat(values()).containsOnlyKeys(process.tid());
  }

  @Test
  default void anotherLayoutIsAnotherMapWhoseRowsAreAssignedAnew(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    store().publish(TENANTS);
    StoreMap changed = new StoreMap(TENANTS, TENANT_CTX, HINT_LAYOUT, Reclaim.DELETE);
    // When
    Installation installation = store().install(changed);
    SweepResult before = store().sweep();
    store().assign(world().mkdir("/a"), row(hint(5)));
    SweepResult after = store().sweep();
    store().publish(TENANTS);
    // Then
    assertThat(installation)
        .isEqualTo(
            new Installation.Replaced(
                TENANT_LAYOUT.digest(),
                List.of(
                    "layout %s wanted, %s found"
                        .formatted(HINT_LAYOUT.toText(), TENANT_LAYOUT.toText()))));
    assertThat(before.counts(TENANTS)).isEqualTo(SweepCounts.NONE);
    assertThat(after.counts(TENANTS)).isEqualTo(new SweepCounts(1, 1, 0, 0, 0, 0, 0));
    assertThat(values()).isEqualTo(Map.of(process.tid(), hint(5)));
    assertThat(store().install(changed)).isEqualTo(new Installation.Adopted());
  }

  @Test
  default void otherOwnersOfTheSameBytesKeepTheMap(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    store().publish(TENANTS);
    List<Field> fields =
        TENANT_LAYOUT.fields().stream()
            .map(PlacedField::field)
            .map(f -> f.ownedBy(Owner.POLICY))
            .toList();
    StructLayout owned = StructLayout.of("tenant_ctx", fields);
    // When
    Installation installation =
        store().install(new StoreMap(TENANTS, TENANT_CTX, owned, Reclaim.DELETE));
    store().publish(TENANTS);
    // Then
    assertThat(installation).isEqualTo(new Installation.Adopted());
    assertThat(values()).isEqualTo(Map.of(process.tid(), tenant(1, "a")));
    assertThat(store().sweep().changes()).isZero();
  }

  @Test
  default void aRemovedMapIsMadeAnewWithoutItsEntries(Tasks tasks) {
    // Given
    member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    store().publish(TENANTS);
    // When
    store().remove(TENANTS, Reclaim.DELETE);
    SweepResult without = store().sweep();
    Installation again = store().install(TENANT_MAP);
    // Then
    assertThat(without.maps()).isEmpty();
    assertThat(again).isEqualTo(new Installation.Created());
    assertThat(values()).isEmpty();
    assertThat(store().sweep().counts(TENANTS)).isEqualTo(SweepCounts.NONE);
  }

  @Test
  default void aRetainedMapIsAdoptedWithItsEntriesUnderAnyName(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    store().publish(TENANTS);
    MapName heir = new MapName("heir");
    // When
    store().remove(TENANTS, Reclaim.RETAIN);
    Installation again =
        store().install(new StoreMap(heir, TENANT_CTX, TENANT_LAYOUT, Reclaim.DELETE));
    // Then
    assertThat(again).isEqualTo(new Installation.Adopted());
    assertThat(store().entries(heir)).extracting(Entry::tid).containsExactly(process.tid());
    // What the map that went had left is nobody's wish any more.
    assertThat(store().sweep().counts(heir)).isEqualTo(new SweepCounts(0, 0, 0, 1, 0, 0, 0));
  }

  @Test
  default void aRetainedMapOfAnotherLayoutIsReplaced() {
    // Given
    store().install(TENANT_MAP);
    store().publish(TENANTS);
    store().remove(TENANTS, Reclaim.RETAIN);
    StoreMap other = new StoreMap(TENANTS, TENANT_CTX, HINT_LAYOUT, Reclaim.DELETE);
    // When
    Installation again = store().install(other);
    // Then
    assertThat(again).isInstanceOf(Installation.Replaced.class);
  }

  @Test
  default void twoMapsInForceCannotHaveOneBpfName() {
    // Given
    store().install(TENANT_MAP);
    StoreMap second = new StoreMap(HINTS, TENANT_CTX, HINT_LAYOUT, Reclaim.DELETE);
    // When, Then
    assertThatThrownBy(() -> store().install(second))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "install hints: bpfName tenant_ctx belongs to map tenants: give one of them another"
                + " bpfName, or remove map tenants");
    store().remove(TENANTS, Reclaim.DELETE);
    assertThat(store().install(second)).isEqualTo(new Installation.Created());
  }

  @Test
  default void aMapMayChangeItsBpfName(Tasks tasks) {
    // Given
    member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    store().publish(TENANTS);
    BpfName renamed = new BpfName("tenant_ctx2");
    // When
    Installation again =
        store().install(new StoreMap(TENANTS, renamed, TENANT_LAYOUT, Reclaim.DELETE));
    store().publish(TENANTS);
    // Then
    assertThat(again).isEqualTo(new Installation.Created());
    assertThat(values()).isEmpty();
    StoreMap freed = new StoreMap(HINTS, TENANT_CTX, HINT_LAYOUT, Reclaim.DELETE);
    assertThat(store().install(freed)).isEqualTo(new Installation.Created());
  }

  @Test
  default void aMapThatIsNotInstalledIsRefusedByName() {
    // Given
    CgroupId cgroup = world().mkdir("/a");
    String notInstalled = "map tenants is not installed: install it first";
    // When, Then
    assertThatThrownBy(() -> store().publish(TENANTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("publish: " + notInstalled);
    assertThatThrownBy(() -> store().entries(TENANTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("entries: " + notInstalled);
    assertThatThrownBy(() -> store().access(TENANTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("access: " + notInstalled);
    // The value is of another map's size too: that it is not installed is said first.
    assertThatThrownBy(() -> store().assign(cgroup, row(hint(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("assign cgroup " + cgroup + ": " + notInstalled);
  }

  @Test
  default void aValueOfAnotherSizeIsRefusedAndTheRowInForceStays(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().sweep();
    CgroupId cgroup = world().mkdir("/a");
    // When, Then
    assertThatThrownBy(() -> store().assign(cgroup, row(hint(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "assign cgroup "
                + cgroup
                + ": value for map tenants has 8 bytes, not 40: it is of another layout");
    assertThatThrownBy(() -> store().access(TENANTS).set(process.tid(), hint(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("map update tenant_ctx: 8 bytes: the value has 40");
    assertThat(store().sweep().changes()).isZero();
  }

  @Test
  default void removingAndUnassigningWhatIsNotThereDoesNothing() {
    // When
    store().remove(TENANTS, Reclaim.DELETE);
    store().remove(TENANTS, Reclaim.RETAIN);
    store().unassign(new CgroupId(4711));
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept).isEqualTo(new SweepResult(Map.of(), List.of(), 0, 0, 0, 0));
  }

  @Test
  default void mapsDoNotMix(Tasks tasks) {
    // Given
    Task process = member(tasks, "/a", tenant(1, "a"));
    store().install(HINT_MAP);
    store().assign(world().mkdir("/a"), new Row(Map.of(TENANTS, tenant(1, "a"), HINTS, hint(2))));
    store().sweep();
    // When
    store().remove(TENANTS, Reclaim.DELETE);
    SweepResult swept = store().sweep();
    // Then
    assertThat(swept.maps()).containsOnlyKeys(HINTS);
    assertThat(swept.changes()).isZero();
    assertThat(store().entries(HINTS)).extracting(Entry::tid).containsExactly(process.tid());
  }
}
