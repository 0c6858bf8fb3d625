package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Two maps with one bpfName: one keeps it, whatever the order, and nobody takes it by a name. */
class BpfNameConflictTest {

  @Test
  void firstByNameKeepsItWhereNoneIsInForce() {
    // Given
    List<TaskStorageMap> maps = List.of(map("b", "x"), map("a", "x"), map("c", "y"));
    // When
    AcceptedSet set = Corpus.accept(maps, List.of(), Map.of());
    // Then
    assertThat(set.acceptedMaps().keySet()).containsExactly("a", "c");
    assertThat(set.maps().get("b"))
        .isEqualTo(
            new Verdict.Refused<AcceptedMap>(
                Reason.BPF_NAME_CONFLICT,
                List.of(
                    new Problem(
                        "spec.bpfName", "x belongs to TaskStorageMap a: choose another name"))));
  }

  @Test
  void mapInForceKeepsItAgainstAnyName() {
    // Given
    List<TaskStorageMap> maps = List.of(map("a", "x"), map("b", "x"));
    // When
    AcceptedSet set = Corpus.accept(maps, List.of(), Map.of("b", "x"));
    // Then
    assertThat(set.acceptedMaps().keySet()).containsExactly("b");
  }

  @Test
  void mapInForceDoesNotKeepWhatItNoLongerAsksFor() {
    // Given
    List<TaskStorageMap> maps = List.of(map("a", "x"), map("b", "y"));
    // When
    AcceptedSet set = Corpus.accept(maps, List.of(), Map.of("b", "x"));
    // Then
    assertThat(set.acceptedMaps().keySet()).containsExactly("a", "b");
  }

  @Test
  void nobodyTakesANameInForceByAskingForItAnew() {
    // Given
    List<TaskStorageMap> maps = List.of(map("a", "y"), map("b", "y"));
    // When
    AcceptedSet set = Corpus.accept(maps, List.of(), Map.of("a", "x", "b", "y"));
    // Then
    assertThat(set.acceptedMaps().keySet()).containsExactly("b");
  }

  @Test
  void refusedMapInForceKeepsItsName() {
    // Given
    TaskStorageMap broken =
        Corpus.mapWith("{metadata: {name: b}, spec: {bpfName: x, reclaimPolicy: Keep}}");
    // When
    AcceptedSet set = Corpus.accept(List.of(map("a", "x"), broken), List.of(), Map.of("b", "x"));
    // Then
    assertThat(Judged.text(Objects.requireNonNull(set.maps().get("a"))))
        .isEqualTo(
            """
              BpfNameConflict
              spec.bpfName: x belongs to TaskStorageMap b: choose another name
            """);
  }

  @Test
  void refusedMapTakesNoNameThatItNeverHad() {
    // Given
    TaskStorageMap broken =
        Corpus.mapWith("{metadata: {name: a}, spec: {bpfName: x, reclaimPolicy: Keep}}");
    // When
    AcceptedSet set = Corpus.accept(List.of(broken, map("b", "x")), List.of(), Map.of());
    // Then
    assertThat(set.acceptedMaps().keySet()).containsExactly("b");
  }

  @Test
  void olderKeepsItWhateverTheNames() {
    // Given
    TaskStorageMap older = created(map("b", "x"), "2026-01-02T09:00:00Z");
    TaskStorageMap younger = created(map("a", "x"), "2026-01-02T10:00:00Z");
    // When
    AcceptedSet set = Corpus.accept(List.of(younger, older), List.of(), Map.of());
    // Then
    assertThat(set.acceptedMaps().keySet()).containsExactly("b");
  }

  @Test
  void namesDecideBetweenTwoOfOneSecond() {
    // Given
    TaskStorageMap one = created(map("b", "x"), "2026-01-02T09:00:00Z");
    TaskStorageMap other = created(map("a", "x"), "2026-01-02T09:00:00Z");
    // When
    AcceptedSet set = Corpus.accept(List.of(one, other), List.of(), Map.of("b", "x"));
    // Then
    assertThat(set.acceptedMaps().keySet()).containsExactly("a");
  }

  @Test
  void ageGoesBeforeWhatOneNodeHas() {
    // Given
    TaskStorageMap older = created(map("b", "x"), "2026-01-02T09:00:00Z");
    TaskStorageMap younger = created(map("a", "x"), "2026-01-02T10:00:00Z");
    // When
    AcceptedSet set = Corpus.accept(List.of(younger, older), List.of(), Map.of("a", "x"));
    // Then
    assertThat(set.acceptedMaps().keySet()).containsExactly("b");
  }

  @Test
  void mapYetToBeCreatedIsTheYoungest() {
    // Given
    TaskStorageMap there = created(map("b", "x"), "2026-01-02T09:00:00Z");
    // When
    AcceptedSet set = Corpus.accept(List.of(map("a", "x"), there), List.of(), Map.of("a", "x"));
    // Then
    assertThat(set.acceptedMaps().keySet()).containsExactly("b");
  }

  @Test
  void olderMapOfANewerVersionKeepsItsNameWhereItIsRefused() {
    // Given
    TaskStorageMap newer =
        Corpus.mapWith("{metadata: {name: b}, spec: {bpfName: x, reclaimPolicy: Archive}}");
    TaskStorageMap younger = created(map("a", "x"), "2026-01-02T10:00:00Z");
    // When
    AcceptedSet set =
        Corpus.accept(
            List.of(created(newer, "2026-01-02T09:00:00Z"), younger), List.of(), Map.of());
    // Then
    assertThat(Judged.text(Objects.requireNonNull(set.maps().get("a"))))
        .isEqualTo(
            """
              BpfNameConflict
              spec.bpfName: x belongs to TaskStorageMap b: choose another name
            """);
  }

  @Test
  void goneMapKeepsNothing() {
    // Given
    List<TaskStorageMap> maps = List.of(map("a", "x"));
    // When
    AcceptedSet set = Corpus.accept(maps, List.of(), Map.of("gone", "x"));
    // Then
    assertThat(set.acceptedMaps().keySet()).containsExactly("a");
  }

  @Test
  void policyOfTheRefusedMapWaits() {
    // Given
    ClusterTaskStoragePolicy policy =
        Corpus.policyWith(
            "{spec: {targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: b}]}}");
    // When
    AcceptedSet set =
        Corpus.accept(List.of(map("a", "x"), map("b", "x")), List.of(policy), Map.of());
    // Then
    assertThat(Judged.text(set.policies().sequencedValues().getFirst()))
        .isEqualTo(
            """
              TargetNotFound
              spec.targetRefs[0].name: TaskStorageMap b is refused: mend the map first
            """);
  }

  @Test
  void refusesObjectsWithoutANameOrTwice() {
    // Given
    TaskStorageMap nameless = map("a", "x");
    nameless.getMetadata().setName(null);
    // Then
    assertThatThrownBy(
            () -> Corpus.accept(List.of(map("a", "x"), map("a", "y")), List.of(), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("judge TaskStorageMap a: given twice: pass each object once, by its name");
    assertThatThrownBy(() -> Corpus.accept(List.of(nameless), List.of(), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("judge TaskStorageMap null: no name: pass each object once, by its name");
  }

  private static TaskStorageMap created(TaskStorageMap map, String when) {
    map.getMetadata().setCreationTimestamp(when);
    return map;
  }

  private static TaskStorageMap map(String name, String bpfName) {
    return Corpus.mapWith("{metadata: {name: %s}, spec: {bpfName: %s}}".formatted(name, bpfName));
  }
}
