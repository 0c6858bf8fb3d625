package io.taskstorage.cli.preview;

import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.Explanation;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.ResolvedValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Counts how far each policy reaches. */
final class Reaches {
  private final List<AcceptedPolicy> policies;
  private final Map<PolicyKey, Integer> carriers = new HashMap<>();
  private final Map<PolicyKey, SortedSet<String>> decides = new HashMap<>();
  private final Map<PolicyKey, SortedSet<String>> overridden = new HashMap<>();

  Reaches(List<AcceptedPolicy> policies) {
    this.policies = policies;
  }

  /** Notes one carrier. */
  void note(
      List<AcceptedPolicy> selecting,
      Map<String, AcceptedMap> maps,
      Map<String, ResolvedValue> values) {
    for (AcceptedPolicy policy : selecting) {
      if (maps.containsKey(policy.map())) {
        carriers.merge(policy.key(), 1, Integer::sum);
      }
    }
    for (ResolvedValue value : values.values()) {
      for (Explanation explanation : value.explanations()) {
        String field = explanation.field();
        explanation.winner().ifPresent(winner -> add(decides, winner.policy(), field));
        for (Explanation.Loser loser : explanation.losers()) {
          add(overridden, loser.candidate().policy(), field);
        }
      }
    }
  }

  /** All policies, the one that decides first comes first. */
  List<PolicyReach> all() {
    return policies.stream()
        .map(
            policy ->
                new PolicyReach(
                    policy,
                    carriers.getOrDefault(policy.key(), 0),
                    List.copyOf(decides.getOrDefault(policy.key(), new TreeSet<>())),
                    List.copyOf(overridden.getOrDefault(policy.key(), new TreeSet<>()))))
        .toList();
  }

  private static void add(Map<PolicyKey, SortedSet<String>> to, PolicyKey policy, String field) {
    to.computeIfAbsent(policy, _ -> new TreeSet<>()).add(field);
  }
}
