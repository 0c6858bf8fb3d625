package io.taskstorage.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a field has its value for one subject.
 *
 * @param field the field
 * @param winner the policy that decides; empty = nobody sets the field, it is zero
 * @param zeroBecause why the winner's value could not be computed, so that the field is zero
 * @param losers the other policies that set the field for this subject, in order of precedence
 */
public record Explanation(
    String field, Optional<Candidate> winner, Optional<String> zeroBecause, List<Loser> losers) {

  /** Copies the list. */
  public Explanation {
    losers = List.copyOf(losers);
  }

  /** The rule of precedence that decided between two policies. */
  public enum Rule {
    /** The tiers differ. */
    TIER,
    /** Same tier, the priorities differ. */
    PRIORITY,
    /** Same tier and priority: a tie that the names decide, most often an oversight. */
    NAME
  }

  /** A policy, as far as precedence looks at it. */
  public record Candidate(PolicyKey policy, Tier tier, int priority) {

    static Candidate of(AcceptedPolicy policy) {
      return new Candidate(policy.key(), policy.tier(), policy.priority());
    }

    /** {@code name (Admin, 100)}. */
    @Override
    public String toString() {
      return "%s (%s, %d)".formatted(policy, tier.wireName(), priority);
    }
  }

  /** A policy that sets the field too, and the rule by which the winner goes first. */
  public record Loser(Candidate candidate, Rule lostBy) {

    /** {@code name (Baseline, 100): lost by tier}. */
    @Override
    public String toString() {
      return candidate
          + switch (lostBy) {
            case TIER -> ": lost by tier";
            case PRIORITY -> ": lost by priority";
            case NAME -> ": lost by name, the tie-break";
          };
    }
  }

  /** True if only the names decided between the winner and some loser. */
  public boolean isTie() {
    return losers.stream().anyMatch(loser -> loser.lostBy() == Rule.NAME);
  }

  /** One line: the field, who decides, and who does not. */
  public String describe() {
    if (winner.isEmpty()) {
      return field + ": zero, no policy sets it";
    }
    String zero = zeroBecause.map(why -> ", zero: " + why).orElse("");
    String others = losers.stream().map(Loser::toString).collect(Collectors.joining("; "));
    return field + ": " + winner.get() + zero + (others.isEmpty() ? "" : "; not " + others);
  }
}
