package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.layout.Literal;
import io.taskstorage.layout.PlacedField;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An edit that is refused takes nothing away; what is gone or new has no earlier version. */
class SuccessionTest {
  private static final ObjectKey POLICY = new ObjectKey(ClusterTaskStoragePolicy.KIND, "p");
  private static final ObjectKey MAP = new ObjectKey(TaskStorageMap.KIND, "m");

  @Test
  void policyAcceptedBeforeGoesOnWhereItsEditIsRefused() {
    // Given
    Succession first = succession(Map.of(), map("Delete"), policy("m", "1"));

    // When
    Succession second = succession(first.accepted(), map("Delete"), policy("m", "300"));

    // Then
    assertThat(second.earlier()).containsExactly(POLICY);
    assertThat(second.staysEarlier(POLICY)).isTrue();
    assertThat(literal(second)).isEqualTo("1");
    assertThat(second.told().policies().values())
        .singleElement()
        .isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void itGoesOnThroughAnyNumberOfRefusedEdits() {
    // Given
    Succession first = succession(Map.of(), map("Delete"), policy("m", "1"));

    // When
    Succession second = succession(first.accepted(), map("Delete"), policy("m", "300"));
    Succession third = succession(second.accepted(), map("Delete"), policy("m", "wrong"));

    // Then
    assertThat(literal(third)).isEqualTo("1");
  }

  @Test
  void anEditThatIsAcceptedCountsAtOnce() {
    // Given
    Succession first = succession(Map.of(), map("Delete"), policy("m", "1"));
    Succession second = succession(first.accepted(), map("Delete"), policy("m", "300"));

    // When
    Succession third = succession(second.accepted(), map("Delete"), policy("m", "3"));

    // Then
    assertThat(third.earlier()).isEmpty();
    assertThat(literal(third)).isEqualTo("3");
    assertThat(third.told()).isEqualTo(third.inForce());
  }

  @Test
  void theMapAcceptedBeforeKeepsItsPoliciesWhereItsEditIsRefused() {
    // Given
    Succession first = succession(Map.of(), map("Delete"), policy("m", "1"));

    // When
    Succession second = succession(first.accepted(), map("Keep"), policy("m", "2"));

    // Then
    assertThat(second.earlier()).containsExactly(MAP);
    assertThat(literal(second)).isEqualTo("2");
    assertThat(second.told().maps().get("m")).isInstanceOf(Verdict.Refused.class);
    assertThat(second.told().policies().values())
        .singleElement()
        .isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void aPolicyThatWaitsForItsMapIsNotRefusedForWhatIsWrittenInIt() {
    // Given
    Succession first = succession(Map.of(), map("Delete"), policy("m", "1"));

    // When
    Succession second = succession(first.accepted(), map("Delete"), policy("other", "1"));

    // Then
    assertThat(second.earlier()).isEmpty();
    assertThat(second.inForce().acceptedPolicies()).isEmpty();
  }

  @Test
  void whatWasRemovedOrNeverAcceptedIsNotThere() {
    // Given
    Succession first = succession(Map.of(), map("Delete"), policy("m", "1"));

    // When
    Succession removed = succession(first.accepted(), map("Delete"));
    Succession neverAccepted = succession(Map.of(), map("Delete"), policy("m", "300"));

    // Then
    assertThat(removed.accepted()).containsOnlyKeys(MAP);
    assertThat(neverAccepted.accepted()).containsOnlyKeys(MAP);
    assertThat(neverAccepted.earlier()).isEmpty();
  }

  private static Succession succession(Map<ObjectKey, HasMetadata> before, HasMetadata... written) {
    return Succession.of(
        Stream.of(written).collect(Collectors.toMap(ObjectKey::of, Function.identity())),
        before,
        Map.of(),
        Map.of());
  }

  /** The one field of the map in a cgroup that the policy selects. */
  private static String literal(Succession succession) {
    ResolvedValue resolved =
        Objects.requireNonNull(
            Corpus.resolve(
                    succession.inForce().acceptedPolicies(), succession.inForce().acceptedMaps())
                .get("m"));
    AcceptedMap map = Objects.requireNonNull(succession.inForce().acceptedMaps().get("m"));
    PlacedField field = map.layout().field("f").orElseThrow();
    return Literal.decode(field.field(), resolved.value().fieldBytes(field));
  }

  private static TaskStorageMap map(String reclaim) {
    return Corpus.mapWith(
        """
        {metadata: {name: m}, spec: {bpfName: m, reclaimPolicy: %s,
        value: {typeName: m, fields: [{name: f, type: U8}]}}}
        """
            .formatted(reclaim));
  }

  private static ClusterTaskStoragePolicy policy(String map, String value) {
    return Corpus.policyWith(
        """
        {metadata: {name: p}, spec: {
        targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: %s}],
        subject: {hostProcesses: {systemdUnits: null, cgroupPaths: [/a]}},
        values: [{field: f, value: "%s"}]}}
        """
            .formatted(map, value));
  }
}
