package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.layout.Decoder;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.testkit.GoldenCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which policy decides which field, and what stands in the value. */
class ResolutionTest {

  private static final PodProperty NAME = PodProperty.parse("metadata.name").orElseThrow();

  private static final Subject SUBJECT =
      new Subject.HostProcesses(LabelSelector.EVERYTHING, List.of(), List.of("/a"));

  /**
   * Each case: maps by name with a layout as text, and policies that all select one subject, in the
   * order in which they are passed.
   */
  @TestFactory
  Stream<DynamicTest> resolves() {
    return GoldenCases.of(getClass())
        .tests(
            c -> {
              // Given
              JsonNode in = Corpus.documents(c.path("in.yaml")).getFirst();
              SortedMap<String, AcceptedMap> maps = maps(in.path("maps"));
              List<AcceptedPolicy> policies = policies(in.path("policies"));
              // When
              SortedMap<String, ResolvedValue> resolved = Corpus.resolve(policies, maps);
              // Then
              c.expect("out.txt", text(resolved, maps));
            });
  }

  @Test
  void resolvesNothingForNobody() {
    // When
    SortedMap<String, ResolvedValue> resolved =
        Corpus.resolve(List.of(), Map.of("m", map("m", "t{a:U8}")));
    // Then
    assertThat(resolved).isEmpty();
  }

  @Test
  void zeroesAFieldWhoseWinnerCannotBeComputed() {
    // Given
    AcceptedPolicy winner = policy("w", Tier.ADMIN, 0, new ValueSource.FieldRef(NAME));
    AcceptedPolicy loser = policy("l", Tier.BASELINE, 0, new ValueSource.Literal("7"));
    // When
    SortedMap<String, ResolvedValue> resolved =
        Corpus.resolve(List.of(loser, winner), Map.of("m", map("m", "t{a:U8}")));
    // Then
    ResolvedValue value = Objects.requireNonNull(resolved.get("m"));
    assertThat(value.value().toHex()).isEqualTo("00");
    assertThat(value.explanations())
        .singleElement()
        .extracting(Explanation::describe)
        .isEqualTo(
            "a: w (Admin, 0), zero: fieldRef needs a pod: use value;"
                + " not l (Baseline, 0): lost by tier");
  }

  @Test
  void zeroesAFieldThatNoLongerFits() {
    // Given
    AcceptedPolicy stale = policy("p", Tier.ADMIN, 0, new ValueSource.Literal("256"));
    // When
    SortedMap<String, ResolvedValue> resolved =
        Corpus.resolve(List.of(stale), Map.of("m", map("m", "t{a:U8}")));
    // Then
    assertThat(Objects.requireNonNull(resolved.get("m")).explanations())
        .extracting(Explanation::describe)
        .containsExactly("a: p (Admin, 0), zero: out of range for U8 (0..255)");
  }

  private static AcceptedPolicy policy(String name, Tier tier, int priority, ValueSource source) {
    return new AcceptedPolicy(
        PolicyKey.cluster(name),
        tier,
        priority,
        "m",
        SUBJECT,
        List.of(new FieldValue("a", source)),
        1);
  }

  private static SortedMap<String, AcceptedMap> maps(JsonNode layouts) {
    SortedMap<String, AcceptedMap> maps = new TreeMap<>();
    layouts.properties().forEach(e -> maps.put(e.getKey(), map(e.getKey(), e.getValue().asText())));
    return maps;
  }

  private static AcceptedMap map(String name, String layout) {
    return new AcceptedMap(
        name,
        name,
        StructLayout.parse(layout),
        LabelSelector.EVERYTHING,
        ReclaimPolicy.DELETE,
        new NamespaceRule.None(),
        Set.of(),
        1);
  }

  private static List<AcceptedPolicy> policies(JsonNode nodes) {
    List<AcceptedPolicy> policies = new ArrayList<>();
    for (JsonNode node : nodes) {
      List<FieldValue> values = new ArrayList<>();
      node.path("values")
          .properties()
          .forEach(
              e ->
                  values.add(
                      new FieldValue(e.getKey(), new ValueSource.Literal(e.getValue().asText()))));
      policies.add(
          new AcceptedPolicy(
              new PolicyKey(node.path("namespace").asText(), node.path("name").asText()),
              Tier.valueOf(node.path("tier").asText()),
              node.path("priority").asInt(),
              node.path("map").asText(),
              SUBJECT,
              values,
              1));
    }
    return policies;
  }

  private static String text(
      SortedMap<String, ResolvedValue> resolved, Map<String, AcceptedMap> maps) {
    StringBuilder text = new StringBuilder();
    resolved.forEach(
        (name, value) -> {
          StructLayout layout = Objects.requireNonNull(maps.get(name)).layout();
          text.append(name).append(' ').append(value.value().toHex()).append('\n');
          Decoder.decode(layout, value.value().toBytes())
              .forEach(
                  (field, v) ->
                      text.append("  ").append(field).append(" = ").append(v).append('\n'));
          value.explanations().forEach(e -> text.append("  ").append(e.describe()).append('\n'));
        });
    return text.isEmpty() ? "no map\n" : text.toString();
  }

  @Test
  void fieldsOfProgramsHaveNoExplanation() {
    // Given
    AcceptedMap map =
        new AcceptedMap(
            "m",
            "m",
            StructLayout.of(
                "t",
                List.of(
                    Field.scalar("a", ScalarType.U8),
                    Field.scalar("hits", ScalarType.U8)
                        .ownedBy(io.taskstorage.layout.Owner.PROGRAM))),
            LabelSelector.EVERYTHING,
            ReclaimPolicy.DELETE,
            new NamespaceRule.None(),
            Set.of(),
            1);
    AcceptedPolicy policy = policy("p", Tier.ADMIN, 0, new ValueSource.Literal("1"));
    // When
    ResolvedValue value =
        Objects.requireNonNull(Corpus.resolve(List.of(policy), Map.of("m", map)).get("m"));
    // Then
    assertThat(value.explanations()).extracting(Explanation::field).containsExactly("a");
    assertThat(value.value().toHex()).isEqualTo("0100");
  }
}
