package io.taskstorage.agent.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.compute.DesiredRow;
import io.taskstorage.agent.compute.Resolved;
import io.taskstorage.agent.execute.Outcome.Effect;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.InForce.AssignedRow;
import io.taskstorage.agent.observe.InForce.MapInForce;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.Installation;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ExecutorTest {
  private static final StructLayout LAYOUT = StructLayout.parse("one{a:U64}");
  private static final StoreMap ONE = map("one", LAYOUT);
  private static final StoreMap TWO = map("two", LAYOUT);
  private static final Step SWEEP = new Step.Sweep(new TreeMap<>());
  private static final Cgroup WEB = new Cgroup(new CgroupId(7), Optional.empty(), "/web");

  private final ScriptedStore store = new ScriptedStore();
  private final Executor executor = new Executor(store);

  @Test
  void stepsAreDoneInOrder() {
    // Given
    List<Step> plan =
        List.of(
            new Step.RemoveMap(TWO.name(), TWO.bpfName(), Reclaim.RETAIN),
            new Step.InstallMap(ONE),
            assign(ONE),
            new Step.Unassign(new Cgroup(new CgroupId(8), Optional.empty(), "/old")),
            SWEEP,
            new Step.PublishMap(ONE.name(), ONE.bpfName()));

    // When
    Execution execution = executor.run(plan, InForce.NOTHING);

    // Then
    assertThat(store.calls())
        .containsExactly(
            "remove two RETAIN",
            "install one",
            "assign 7 [one]",
            "unassign 8",
            "sweep",
            "publish one");
    assertThat(execution.outcomes()).hasSize(6).allMatch(each -> each instanceof Outcome.Done);
    assertThat(execution.inForce().maps()).containsOnlyKeys(ONE.name());
    assertThat(execution.inForce().maps().get(ONE.name()))
        .isEqualTo(new MapInForce(ONE, true, true));
    assertThat(execution.inForce().rows().get(WEB.id())).isEqualTo(new AssignedRow(WEB, row(ONE)));
  }

  @Test
  void aFailureTakesOnlyTheLaterStepsOfItsMapWithIt() {
    // Given
    store.refuse("install one");
    List<Step> plan =
        List.of(
            new Step.InstallMap(ONE),
            new Step.InstallMap(TWO),
            assign(ONE, TWO),
            SWEEP,
            new Step.PublishMap(ONE.name(), ONE.bpfName()),
            new Step.PublishMap(TWO.name(), TWO.bpfName()));

    // When
    Execution execution = executor.run(plan, InForce.NOTHING);

    // Then
    assertThat(store.calls())
        .containsExactly("install one", "install two", "assign 7 [two]", "sweep", "publish two");
    assertThat(execution.outcomes().get(0)).isInstanceOf(Outcome.Failed.class);
    assertThat(execution.outcomes().get(2))
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            done ->
                assertThat(done.effect())
                    .isInstanceOfSatisfying(
                        Effect.AssignedWithout.class,
                        without -> assertThat(without.maps()).containsExactly(ONE.name())));
    assertThat(execution.outcomes().get(4))
        .isEqualTo(new Outcome.Skipped(plan.get(4), "an earlier step for map one failed"));
    assertThat(execution.inForce().maps()).containsOnlyKeys(TWO.name());
  }

  @Test
  void aMapThatCannotBeReplacedKeepsWhatACgroupHadInIt() {
    // Given
    StoreMap changed = map("one", StructLayout.parse("one{a:U32}"));
    store.refuse("install one");
    InForce before =
        InForce.NOTHING
            .withMap(new MapInForce(ONE, true, true))
            .withRow(new AssignedRow(WEB, row(ONE)));

    // When
    Execution execution =
        executor.run(List.of(new Step.InstallMap(changed), assign(changed)), before);

    // Then
    assertThat(store.calls()).containsExactly("install one", "assign 7 [one]");
    assertThat(execution.inForce().rows().get(WEB.id())).isEqualTo(new AssignedRow(WEB, row(ONE)));
  }

  @Test
  void aMapThatCannotBeRemovedStaysKnown() {
    // Given
    store.refuse("remove one DELETE");
    InForce before = InForce.NOTHING.withMap(new MapInForce(ONE, true, true));

    // When
    Execution execution =
        executor.run(
            List.of(new Step.RemoveMap(ONE.name(), ONE.bpfName(), Reclaim.DELETE)), before);

    // Then
    assertThat(execution.outcomes().getFirst()).isInstanceOf(Outcome.Failed.class);
    assertThat(execution.inForce()).isEqualTo(before);
  }

  @Test
  void aMapThatWasNotAdoptedIsNotPublic() {
    // Given
    store.installsAs(ONE.name(), new Installation.Replaced("sha256:0", List.of("other")));
    InForce before = InForce.NOTHING.withMap(new MapInForce(ONE, false, true));

    // When
    Execution execution = executor.run(List.of(new Step.InstallMap(ONE)), before);

    // Then
    assertThat(execution.inForce().maps().get(ONE.name()))
        .isEqualTo(new MapInForce(ONE, true, false));
  }

  @Test
  void anAdoptedMapStaysPublic() {
    // Given
    store.installsAs(ONE.name(), new Installation.Adopted());
    InForce before = InForce.NOTHING.withMap(new MapInForce(ONE, false, true));

    // When
    Execution execution = executor.run(List.of(new Step.InstallMap(ONE)), before);

    // Then
    assertThat(execution.inForce().maps().get(ONE.name()))
        .isEqualTo(new MapInForce(ONE, true, true));
  }

  @Test
  void aSweepThatIsRefusedIsToldAndForgotten() {
    // Given
    store.refuse("sweep");

    // When
    Execution execution = executor.run(List.of(SWEEP), InForce.NOTHING);

    // Then
    assertThat(execution.outcomes().getFirst())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.problem().message()).isEqualTo("sweep /pins: no: mend it"));
  }

  @Test
  void whatIsOverdueInAMapThatHasJustBeenMadeIsNot() {
    // Given
    store.installsAs(TWO.name(), new Installation.Adopted());
    DesiredRow overdue =
        new DesiredRow(
            WEB,
            new Resolved(row(ONE, TWO), new TreeMap<>(), new TreeMap<>()),
            Set.of(ONE.name(), TWO.name()));

    // When
    executor.run(
        List.of(new Step.InstallMap(ONE), new Step.InstallMap(TWO), new Step.Assign(overdue)),
        InForce.NOTHING);

    // Then
    assertThat(store.calls())
        .containsExactly("install one", "install two", "assign 7 [one, two] overdue [two]");
  }

  @Test
  void theWordsOfPoliciesAreRememberedAfterTheSweepAndOnce() {
    // Given
    Step sweep = new Step.Sweep(new TreeMap<>(Map.of(ONE.name(), Set.of("b", "a"))));
    InForce before = InForce.NOTHING.withMap(new MapInForce(ONE, true, true));

    // When
    InForce after = executor.run(List.of(sweep), before).inForce();
    InForce again = executor.run(List.of(sweep), after).inForce();

    // Then
    assertThat(store.calls()).containsExactly("sweep", "remember one [a, b]", "sweep");
    assertThat(after.policies()).isEqualTo(Map.of(ONE.name(), Set.of("a", "b")));
    assertThat(again).isEqualTo(after);
  }

  @Test
  void afterASweepThatIsRefusedNothingIsRemembered() {
    // Given
    store.refuse("sweep");
    Step sweep = new Step.Sweep(new TreeMap<>(Map.of(ONE.name(), Set.of("a"))));
    InForce before = InForce.NOTHING.withMap(new MapInForce(ONE, true, true));

    // When
    Execution execution = executor.run(List.of(sweep), before);

    // Then
    assertThat(store.calls()).containsExactly("sweep");
    assertThat(execution.inForce()).isEqualTo(before);
  }

  @Test
  void afterASweepThatIsRefusedNothingBecomesPublic() {
    // Given
    store.refuse("sweep");
    Step publish = new Step.PublishMap(ONE.name(), ONE.bpfName());

    // When
    Execution execution =
        executor.run(List.of(new Step.InstallMap(ONE), SWEEP, publish), InForce.NOTHING);
    store.allow("sweep");
    Execution next = executor.run(List.of(SWEEP, publish), execution.inForce());

    // Then
    assertThat(execution.outcomes().getLast())
        .isEqualTo(new Outcome.Skipped(publish, "the sweep before it failed"));
    assertThat(store.calls()).containsExactly("install one", "sweep", "sweep", "publish one");
    assertThat(next.inForce().maps().get(ONE.name())).isEqualTo(new MapInForce(ONE, true, true));
  }

  private static StoreMap map(String name, StructLayout layout) {
    return new StoreMap(new MapName(name), new BpfName(name), layout, Reclaim.DELETE);
  }

  private static Row row(StoreMap... maps) {
    Map<MapName, Value> values = new HashMap<>();
    for (StoreMap map : maps) {
      values.put(map.name(), Value.zero(map.layout().sizeBytes()));
    }
    return new Row(values);
  }

  private static Step.Assign assign(StoreMap... maps) {
    return new Step.Assign(
        new DesiredRow(WEB, new Resolved(row(maps), new TreeMap<>(), new TreeMap<>()), Set.of()));
  }
}
