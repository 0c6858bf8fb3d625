package io.taskstorage.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.DesiredRow;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.compute.Resolved;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.InForce.AssignedRow;
import io.taskstorage.agent.observe.InForce.MapInForce;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What cannot be read takes nothing away; inner cgroups first. The rest is in TurnTest. */
class PlannerTest {
  private static final StoreMap ONE = map("one", "one", "one{a:U64}");
  private static final Cgroup OUTER = new Cgroup(new CgroupId(2), Optional.empty(), "/a");
  private static final Cgroup INNER = new Cgroup(new CgroupId(3), Optional.of(OUTER.id()), "/a/b");

  @Test
  void whatIsAsDesiredIsOnlySwept() {
    // Given
    InForce inForce = assigned(installed(InForce.NOTHING, ONE), OUTER, 1);

    // When
    List<String> plan = lines(desired(true, true, Set.of(), Map.of(OUTER, 1L), ONE), inForce);

    // Then
    assertThat(plan).containsExactly("tasks: sweep");
  }

  @Test
  void rowsComeFromTheInsideOutAndGoFromTheOutsideIn() {
    // Given
    Desired rows = desired(true, true, Set.of(), Map.of(OUTER, 1L, INNER, 2L), ONE);
    Desired none = desired(true, true, Set.of(), Map.of(), ONE);
    InForce without = installed(InForce.NOTHING, ONE);
    InForce with = assigned(assigned(without, OUTER, 1), INNER, 2);

    // When
    List<String> coming = lines(rows, without);
    List<String> going = lines(none, with);

    // Then
    assertThat(coming)
        .containsExactly(
            "cgroup 3: assign  path /a/b  one {a=2}",
            "cgroup 2: assign  path /a  one {a=1}",
            "tasks: sweep");
    assertThat(going)
        .containsExactly(
            "cgroup 2: unassign  path /a", "cgroup 3: unassign  path /a/b", "tasks: sweep");
  }

  @Test
  void aMapOfAnEarlierRunIsAdoptedWithoutBeingMadePublicAgain() {
    // Given
    InForce inForce = InForce.NOTHING.withMap(new MapInForce(ONE, false, true));

    // When
    List<String> plan = lines(desired(true, true, Set.of(), Map.of(), ONE), inForce);

    // Then
    assertThat(plan)
        .containsExactly(
            "map one: install  name one  value 8B  struct one  reclaim Delete", "tasks: sweep");
  }

  @Test
  void aMapOfAnEarlierRunThatNobodyWantsGoes() {
    // Given
    InForce inForce = InForce.NOTHING.withMap(new MapInForce(ONE, false, true));

    // When
    List<String> plan = lines(desired(true, true, Set.of(), Map.of()), inForce);

    // Then
    assertThat(plan).containsExactly("map one: remove  name one  reclaim Delete", "tasks: sweep");
  }

  @Test
  void whileNotEveryObjectIsKnownNoMapGoesAndThoseOfAnEarlierRunAreNotTouched() {
    // Given
    StoreMap two = map("two", "two", "two{a:U64}");
    StoreMap three = map("three", "three", "three{a:U64}");
    InForce inForce = installed(InForce.NOTHING, two).withMap(new MapInForce(ONE, false, true));

    // When
    List<String> plan = lines(desired(false, true, Set.of(), Map.of(), ONE, three), inForce);

    // Then
    assertThat(plan)
        .containsExactly(
            "map three: install  name three  value 8B  struct three  reclaim Delete",
            "tasks: sweep",
            "map three: publish  name three");
  }

  @Test
  void aMapWhoseObjectIsRefusedStays() {
    // Given
    InForce inForce = installed(InForce.NOTHING, ONE);

    // When
    List<String> plan = lines(desired(true, true, Set.of(ONE.name()), Map.of()), inForce);

    // Then
    assertThat(plan).containsExactly("tasks: sweep");
  }

  @Test
  void whileNotEveryCgroupIsKnownNoRowGoes() {
    // Given
    InForce inForce = assigned(installed(InForce.NOTHING, ONE), OUTER, 1);

    // When
    List<String> plan = lines(desired(true, false, Set.of(), Map.of(), ONE), inForce);

    // Then
    assertThat(plan).containsExactly("tasks: sweep");
  }

  @Test
  void aLostPublicPinIsMadeAgain() {
    // Given
    InForce inForce = InForce.NOTHING.withMap(new MapInForce(ONE, true, false));

    // When
    List<String> plan = lines(desired(true, true, Set.of(), Map.of(), ONE), inForce);

    // Then
    assertThat(plan).containsExactly("tasks: sweep", "map one: publish  name one");
  }

  @Test
  void rowsOfAMapThatIsInstalledAnewAreStatedAnew() {
    // Given
    StoreMap changed = map("one", "one", "one{a:S64}");
    InForce inForce = assigned(installed(InForce.NOTHING, ONE), OUTER, 1);

    // When
    List<String> plan = lines(desired(true, true, Set.of(), Map.of(OUTER, 1L), changed), inForce);

    // Then
    assertThat(plan)
        .containsExactly(
            "map one: install  name one  value 8B  struct one  reclaim Delete",
            "cgroup 2: assign  path /a  one {a=1}",
            "tasks: sweep",
            "map one: publish  name one");
  }

  @Test
  void theEndRemovesWhatThisProcessInstalled() {
    // Given
    StoreMap retained =
        new StoreMap(new MapName("kept"), new BpfName("kept"), ONE.layout(), Reclaim.RETAIN);
    InForce inForce =
        installed(installed(InForce.NOTHING, ONE), retained)
            .withMap(new MapInForce(map("other", "other", "o{a:U8}"), false, true));

    // When
    List<String> plan = Planner.removeAll(inForce).stream().map(Step::describe).toList();

    // Then
    assertThat(plan)
        .containsExactly(
            "map kept: remove  name kept  reclaim Retain",
            "map one: remove  name one  reclaim Delete");
  }

  private static List<String> lines(Desired desired, InForce inForce) {
    return Planner.plan(desired, inForce).stream().map(Step::describe).toList();
  }

  private static Desired desired(
      boolean isComplete,
      boolean areCgroupsComplete,
      Set<MapName> held,
      Map<Cgroup, Long> values,
      StoreMap... maps) {
    SortedMap<MapName, StoreMap> byName = new TreeMap<>();
    for (StoreMap map : maps) {
      byName.put(map.name(), map);
    }
    SequencedMap<CgroupId, DesiredRow> rows = new LinkedHashMap<>();
    values.forEach(
        (cgroup, value) -> {
          SortedMap<MapName, Map<String, String>> fields =
              new TreeMap<>(Map.of(ONE.name(), Map.of("a", value.toString())));
          rows.put(
              cgroup.id(),
              new DesiredRow(cgroup, new Resolved(row(value), fields, new TreeMap<>()), Set.of()));
        });
    return new Desired(
        byName,
        rows,
        new TreeMap<>(),
        held,
        isComplete,
        areCgroupsComplete,
        List.of(),
        LastAccepted.NONE);
  }

  private static InForce installed(InForce inForce, StoreMap map) {
    return inForce.withMap(new MapInForce(map, true, true));
  }

  private static InForce assigned(InForce inForce, Cgroup cgroup, long value) {
    return inForce.withRow(new AssignedRow(cgroup, row(value)));
  }

  private static Row row(long value) {
    byte[] bytes = {(byte) value, 0, 0, 0, 0, 0, 0, 0};
    return new Row(Map.of(ONE.name(), Value.of(bytes)));
  }

  private static StoreMap map(String name, String bpfName, String layout) {
    return new StoreMap(
        new MapName(name), new BpfName(bpfName), StructLayout.parse(layout), Reclaim.DELETE);
  }
}
