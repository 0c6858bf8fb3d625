package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.testkit.GoldenCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule has a valid and an invalid object, and every refusal its exact message. */
class AcceptanceTest {

  private static final TaskStorageMap MAP = Corpus.mapWith("{}");
  private static final TaskStorageMap COUNTERS =
      Corpus.mapWith(
          """
          metadata: {name: counters}
          spec: {bpfName: counters, value: {fields: [{name: hits, type: U64, owner: Program}]}}
          """);
  private static final TaskStorageMap BROKEN =
      Corpus.mapWith("{metadata: {name: broken}, spec: {bpfName: a.b}}");

  /** Maps that namespaces may attach to, each in another way. */
  private static final TaskStorageMap SHARED =
      Corpus.mapWith(
          """
          metadata: {name: shared}
          spec:
            bpfName: shared
            allowedPolicies:
              namespaces: {from: Selector, selector: {matchLabels: {tenant: "yes"}}}
              fields: [qos, app]
          """);

  private static final TaskStorageMap OPEN =
      Corpus.mapWith(
          """
          metadata: {name: open}
          spec: {bpfName: open, allowedPolicies: {namespaces: {from: All}, fields: [qos]}}
          """);

  private static final Map<String, NamespaceFacts> NAMESPACES =
      Map.of(
          "shop", new NamespaceFacts("shop", Map.of("tenant", "yes")),
          "lab", new NamespaceFacts("lab", Map.of()));

  /** Tables of cases about maps; the others are about policies. */
  private static final Set<String> MAP_TABLES =
      Set.of("map-refused", "map-accepted", "selectors-refused", "selectors-accepted");

  @TestFactory
  Stream<DynamicTest> judges() {
    return GoldenCases.of(getClass())
        .tests(
            table -> {
              // Given
              List<JsonNode> cases = Corpus.documents(table.path("cases.yaml"));
              // When
              List<Verdict<?>> verdicts = new ArrayList<>();
              cases.forEach(c -> verdicts.add(verdict(table.name(), c)));
              // Then
              table.expect("verdicts.txt", Judged.text(cases, verdicts));
              boolean accepted = table.name().endsWith("-accepted");
              assertThat(verdicts).allMatch(v -> v instanceof Verdict.Accepted<?> == accepted);
            });
  }

  private static Verdict<?> verdict(String table, JsonNode testCase) {
    if (table.startsWith("namespaced-")) {
      return namespacedVerdict(Corpus.namespacedPolicy(testCase));
    }
    return MAP_TABLES.contains(table)
        ? mapVerdict(Corpus.map(testCase))
        : policyVerdict(Corpus.policy(testCase));
  }

  @Test
  void orderOfTheInputChangesNothing() {
    // Given
    List<TaskStorageMap> maps = List.of(MAP, BROKEN, COUNTERS, Corpus.wideMap());
    List<ClusterTaskStoragePolicy> policies =
        List.of(
            Corpus.policyWith("{metadata: {name: a}}"),
            Corpus.policyWith("{metadata: {name: b}, spec: {tier: Admin}}"),
            Corpus.policyWith("{metadata: {name: c}, spec: {priority: -1}}"));
    // When
    AcceptedSet forward = Corpus.accept(maps, policies, Map.of());
    AcceptedSet backward = Corpus.accept(maps.reversed(), policies.reversed(), Map.of());
    // Then
    assertThat(backward).isEqualTo(forward);
    assertThat(forward.acceptedPolicies())
        .extracting(policy -> policy.key().name())
        .containsExactly("b", "a");
  }

  @Test
  void turnsAMapIntoWhatItMeans() {
    // Given
    TaskStorageMap map =
        Corpus.mapWith("{metadata: {name: a}, spec: {bpfName: b, reclaimPolicy: Retain}}");
    map.getMetadata().setGeneration(4L);
    // When
    AcceptedSet set = Corpus.accept(List.of(map), List.of(), Map.of());
    // Then
    AcceptedMap accepted = Objects.requireNonNull(set.acceptedMaps().get("a"));
    assertThat(accepted.bpfName()).isEqualTo("b");
    assertThat(accepted.reclaim()).isEqualTo(ReclaimPolicy.RETAIN);
    assertThat(accepted.generation()).isEqualTo(4);
    assertThat(accepted.layout().toText())
        .isEqualTo(
            "tenant_ctx{tenant_id:U64,qos:U8,app:Char[32],weights:U16[4],traced:Bool,"
                + "key:Bytes[4],delta:S32,hits:U64!Program}");
    assertThat(accepted.selects(new NodeFacts("n", Map.of()))).isTrue();
  }

  @Test
  void turnsAPolicyIntoWhatItMeans() {
    // Given
    ClusterTaskStoragePolicy policy =
        Corpus.policyWith(
            "{spec: {tier: Admin, priority: 3, subject: {hostProcesses: {cgroupPaths: [/a]}}}}");
    // When
    AcceptedSet set = Corpus.accept(List.of(MAP), List.of(policy), Map.of());
    // Then
    assertThat(set.acceptedPolicies())
        .containsExactly(
            new AcceptedPolicy(
                PolicyKey.cluster("host-daemons"),
                Tier.ADMIN,
                3,
                "tenant-ctx",
                new Subject.HostProcesses(
                    LabelSelector.EVERYTHING, List.of("sshd.service"), List.of("/a")),
                List.of(new FieldValue("qos", new ValueSource.Literal("7"))),
                0));
  }

  private static Verdict<AcceptedMap> mapVerdict(TaskStorageMap map) {
    AcceptedSet set = Corpus.accept(List.of(map), List.of(), Map.of());
    return set.maps().sequencedValues().getFirst();
  }

  private static Verdict<AcceptedPolicy> namespacedVerdict(TaskStoragePolicy policy) {
    AcceptedSet set =
        Acceptance.of(
            new AcceptanceInput(
                List.of(MAP, SHARED, OPEN), List.of(), List.of(policy), NAMESPACES, Map.of()));
    return set.policies().sequencedValues().getFirst();
  }

  private static Verdict<AcceptedPolicy> policyVerdict(ClusterTaskStoragePolicy policy) {
    AcceptedSet set =
        Corpus.accept(List.of(MAP, BROKEN, COUNTERS, Corpus.wideMap()), List.of(policy), Map.of());
    return set.policies().sequencedValues().getFirst();
  }
}
