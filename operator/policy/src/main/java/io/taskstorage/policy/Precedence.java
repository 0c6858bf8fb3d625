package io.taskstorage.policy;

import java.util.Comparator;

/** The order in which policies decide: a function of what their authors wrote, of nothing else. */
public final class Precedence {

  /** Tier, then lower priority, then {@code namespace/name}. Total: equal only for one policy. */
  public static final Comparator<AcceptedPolicy> ORDER =
      Comparator.comparing(AcceptedPolicy::tier)
          .thenComparingInt(AcceptedPolicy::priority)
          .thenComparing(AcceptedPolicy::key);

  private Precedence() {}

  /** The rule by which the first of two different policies decides before the second. */
  static Explanation.Rule decides(AcceptedPolicy winner, AcceptedPolicy loser) {
    if (winner.tier() != loser.tier()) {
      return Explanation.Rule.TIER;
    }
    return winner.priority() != loser.priority()
        ? Explanation.Rule.PRIORITY
        : Explanation.Rule.NAME;
  }
}
