package io.taskstorage.agent.compute;

import io.taskstorage.policy.Explanation;
import io.taskstorage.policy.PolicyKey;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which fields each policy decides for somebody, and in which another one is before it. */
final class Decisions {
  private final Map<PolicyKey, SortedSet<String>> decided = new HashMap<>();
  private final Map<PolicyKey, SortedSet<String>> overridden = new HashMap<>();

  /** Those that explain a value of each of some maps. */
  static Decisions of(Collection<List<Explanation>> values) {
    Decisions decisions = new Decisions();
    values.forEach(value -> value.forEach(decisions::add));
    return decisions;
  }

  private void add(Explanation explanation) {
    String field = explanation.field();
    explanation.winner().ifPresent(winner -> of(decided, winner.policy()).add(field));
    for (Explanation.Loser loser : explanation.losers()) {
      of(overridden, loser.candidate().policy()).add(field);
    }
  }

  /** These, too. */
  void addAll(Decisions others) {
    others.decided.forEach((policy, fields) -> of(decided, policy).addAll(fields));
    others.overridden.forEach((policy, fields) -> of(overridden, policy).addAll(fields));
  }

  private static SortedSet<String> of(Map<PolicyKey, SortedSet<String>> all, PolicyKey policy) {
    return all.computeIfAbsent(policy, _ -> new TreeSet<>());
  }

  /** The fields that a policy decides. */
  SortedSet<String> decided(PolicyKey policy) {
    return decided.getOrDefault(policy, Collections.emptySortedSet());
  }

  /** Its fields that another one decides. */
  SortedSet<String> overridden(PolicyKey policy) {
    return overridden.getOrDefault(policy, Collections.emptySortedSet());
  }
}
