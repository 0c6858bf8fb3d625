package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.layout.StructLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for every set of policies: a seeded search over many. */
class PrecedencePropertyTest {

  private static final int ROUNDS = 5_000;
  private static final List<Tier> TIERS = List.of(Tier.ADMIN, Tier.NAMESPACED, Tier.BASELINE);
  private static final List<String> FIELDS = List.of("a", "b", "c");
  private static final AcceptedMap MAP =
      new AcceptedMap(
          "m",
          "m",
          StructLayout.parse("t{a:U16,b:U16,c:U16}"),
          LabelSelector.EVERYTHING,
          ReclaimPolicy.DELETE,
          new NamespaceRule.None(),
          Set.of(),
          1);
  private static final Subject SUBJECT =
      new Subject.HostProcesses(LabelSelector.EVERYTHING, List.of(), List.of("/a"));

  @Test
  void orderIsTotal() {
    Random random = new Random(1);
    for (int round = 0; round < ROUNDS; round++) {
      // Given
      List<AcceptedPolicy> three = policies(random, 3);
      AcceptedPolicy a = three.get(0);
      AcceptedPolicy b = three.get(1);
      AcceptedPolicy c = three.get(2);
      // When
      int ab = Precedence.ORDER.compare(a, b);
      int bc = Precedence.ORDER.compare(b, c);
      int ac = Precedence.ORDER.compare(a, c);
      // Then
      assertThat(ab).isNotZero();
      assertThat(Integer.signum(Precedence.ORDER.compare(b, a))).isEqualTo(-Integer.signum(ab));
      assertThat(Precedence.ORDER.compare(a, a)).isZero();
      if (ab < 0 && bc < 0) {
        assertThat(ac).isNegative();
      }
    }
  }

  @Test
  void orderOfTheInputChangesNothing() {
    Random random = new Random(2);
    for (int round = 0; round < ROUNDS; round++) {
      // Given
      List<AcceptedPolicy> policies = policies(random, random.nextInt(8));
      List<AcceptedPolicy> shuffled = new ArrayList<>(policies);
      Collections.shuffle(shuffled, random);
      // When
      Map<String, ResolvedValue> one = Corpus.resolve(policies, Map.of("m", MAP));
      Map<String, ResolvedValue> other = Corpus.resolve(shuffled, Map.of("m", MAP));
      // Then
      assertThat(other).isEqualTo(one);
    }
  }

  @Test
  void winnersAreThoseOfAPlainReading() {
    Random random = new Random(3);
    for (int round = 0; round < ROUNDS; round++) {
      // Given
      List<AcceptedPolicy> policies = policies(random, 1 + random.nextInt(7));
      // When
      ResolvedValue resolved =
          Objects.requireNonNull(Corpus.resolve(policies, Map.of("m", MAP)).get("m"));
      // Then
      for (int i = 0; i < FIELDS.size(); i++) {
        Explanation explanation = resolved.explanations().get(i);
        Optional<AcceptedPolicy> expected = plainWinner(policies, FIELDS.get(i));
        assertThat(explanation.field()).isEqualTo(FIELDS.get(i));
        assertThat(explanation.winner().map(Explanation.Candidate::policy))
            .isEqualTo(expected.map(AcceptedPolicy::key));
        assertThat(numberAt(resolved, 2 * i))
            .isEqualTo(expected.map(p -> number(p, explanation.field())).orElse(0));
      }
    }
  }

  @Test
  void explanationsNameEverybodyOnce() {
    Random random = new Random(4);
    for (int round = 0; round < ROUNDS; round++) {
      // Given
      List<AcceptedPolicy> policies = policies(random, 1 + random.nextInt(7));
      // When
      ResolvedValue resolved =
          Objects.requireNonNull(Corpus.resolve(policies, Map.of("m", MAP)).get("m"));
      // Then
      for (Explanation explanation : resolved.explanations()) {
        List<PolicyKey> named = new ArrayList<>();
        explanation.winner().ifPresent(winner -> named.add(winner.policy()));
        explanation.losers().forEach(loser -> named.add(loser.candidate().policy()));
        assertThat(named)
            .containsExactlyInAnyOrderElementsOf(
                policies.stream()
                    .filter(p -> sets(p, explanation.field()))
                    .map(AcceptedPolicy::key)
                    .toList());
        explanation
            .losers()
            .forEach(
                loser ->
                    assertThat(loser.lostBy())
                        .isEqualTo(
                            plainRule(explanation.winner().orElseThrow(), loser.candidate())));
        assertThat(explanation.isTie())
            .isEqualTo(
                explanation.losers().stream()
                    .anyMatch(loser -> loser.lostBy() == Explanation.Rule.NAME));
      }
    }
  }

  @Test
  void anotherPolicyNeverChangesAFieldThatItDoesNotSet() {
    Random random = new Random(5);
    for (int round = 0; round < ROUNDS; round++) {
      // Given
      List<AcceptedPolicy> policies = policies(random, 2 + random.nextInt(6));
      AcceptedPolicy last = policies.getLast();
      // When
      ResolvedValue without =
          Objects.requireNonNull(
              Corpus.resolve(policies.subList(0, policies.size() - 1), Map.of("m", MAP)).get("m"));
      ResolvedValue with =
          Objects.requireNonNull(Corpus.resolve(policies, Map.of("m", MAP)).get("m"));
      // Then
      for (int i = 0; i < FIELDS.size(); i++) {
        if (!sets(last, FIELDS.get(i))) {
          assertThat(with.explanations().get(i)).isEqualTo(without.explanations().get(i));
          assertThat(numberAt(with, 2 * i)).isEqualTo(numberAt(without, 2 * i));
        }
      }
    }
  }

  /** The rule as the reference states it, without the engine's comparator. */
  private static Optional<AcceptedPolicy> plainWinner(List<AcceptedPolicy> policies, String field) {
    AcceptedPolicy best = null;
    for (AcceptedPolicy policy : policies) {
      if (sets(policy, field)
          && (best == null || plainRank(policy).compareTo(plainRank(best)) < 0)) {
        best = policy;
      }
    }
    return Optional.ofNullable(best);
  }

  /** A text whose order is the order of precedence. */
  private static String plainRank(AcceptedPolicy policy) {
    String tier =
        switch (policy.tier()) {
          case ADMIN -> "0";
          case NAMESPACED -> "1";
          case BASELINE -> "2";
        };
    return "%s %04d %s".formatted(tier, policy.priority(), policy.key());
  }

  private static Explanation.Rule plainRule(
      Explanation.Candidate winner, Explanation.Candidate loser) {
    if (!winner.tier().equals(loser.tier())) {
      return Explanation.Rule.TIER;
    }
    return winner.priority() < loser.priority() ? Explanation.Rule.PRIORITY : Explanation.Rule.NAME;
  }

  /** Policies with different keys; few tiers, priorities and names, so that ties are frequent. */
  private static List<AcceptedPolicy> policies(Random random, int count) {
    List<AcceptedPolicy> policies = new ArrayList<>();
    Set<PolicyKey> keys = new HashSet<>();
    while (policies.size() < count) {
      Tier tier = TIERS.get(random.nextInt(3));
      String namespace =
          tier == Tier.NAMESPACED ? List.of("s", "s-a", "s.a", "t").get(random.nextInt(4)) : "";
      PolicyKey key =
          new PolicyKey(namespace, List.of("a", "a-b", "a.b", "b").get(random.nextInt(4)));
      if (keys.add(key)) {
        policies.add(
            new AcceptedPolicy(
                key, tier, random.nextInt(3) * 500, "m", SUBJECT, values(random), 1));
      }
    }
    return policies;
  }

  private static List<FieldValue> values(Random random) {
    Map<String, FieldValue> values = new HashMap<>();
    for (String field : FIELDS) {
      if (random.nextInt(3) > 0) {
        values.put(
            field,
            new FieldValue(field, new ValueSource.Literal("" + (1 + random.nextInt(65535)))));
      }
    }
    return List.copyOf(values.values());
  }

  private static boolean sets(AcceptedPolicy policy, String field) {
    return policy.values().stream().anyMatch(value -> value.field().equals(field));
  }

  private static int number(AcceptedPolicy policy, String field) {
    return policy.values().stream()
        .filter(value -> value.field().equals(field))
        .map(value -> ((ValueSource.Literal) value.source()).text())
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElseThrow();
  }

  private static int numberAt(ResolvedValue resolved, int offset) {
    byte[] bytes = resolved.value().toBytes();
    return Byte.toUnsignedInt(bytes[offset]) | Byte.toUnsignedInt(bytes[offset + 1]) << 8;
  }
}
