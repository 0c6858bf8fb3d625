package io.taskstorage.policy;

import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Computes the values of one subject from the policies that select it. */
public final class Resolution {

  private Resolution() {}

  /**
   * For each map that at least one of the policies is for, the value of a task of this subject.
   *
   * <p>Each field is decided alone: the policy that comes first in {@link Precedence#ORDER} among
   * those that set it. A field that no policy sets is zero, and so is one whose winner's value
   * cannot be computed: the explanation says why, naming keys and never values. A policy whose map
   * is not given, because this node does not get it, counts for nothing.
   *
   * @param selecting the policies that select the subject, in any order; see {@link
   *     SubjectMatcher#selecting}
   * @param maps the maps of this node by name
   * @param facts the subject
   */
  public static SortedMap<String, ResolvedValue> resolve(
      Collection<AcceptedPolicy> selecting,
      Map<String, AcceptedMap> maps,
      SubjectFacts facts,
      NodeFacts node) {
    return resolve(selecting, maps, _ -> facts, node);
  }

  /**
   * The same where policies have come to select a task through different cgroups above it.
   *
   * @param subjects for each of the policies, the subject by which it selects
   */
  public static SortedMap<String, ResolvedValue> resolve(
      Collection<AcceptedPolicy> selecting,
      Map<String, AcceptedMap> maps,
      Function<AcceptedPolicy, SubjectFacts> subjects,
      NodeFacts node) {
    Map<String, List<AcceptedPolicy>> byMap = new HashMap<>();
    selecting.stream()
        .sorted(Precedence.ORDER)
        .forEach(policy -> byMap.computeIfAbsent(policy.map(), _ -> new ArrayList<>()).add(policy));
    SortedMap<String, ResolvedValue> resolved = new TreeMap<>();
    byMap.forEach(
        (name, inOrder) -> {
          AcceptedMap map = maps.get(name);
          if (map != null) {
            resolved.put(name, resolve(map, inOrder, subjects, node));
          }
        });
    return resolved;
  }

  private static ResolvedValue resolve(
      AcceptedMap map,
      List<AcceptedPolicy> inOrder,
      Function<AcceptedPolicy, SubjectFacts> subjects,
      NodeFacts node) {
    Value value = Value.zero(map.layout().sizeBytes());
    List<Explanation> explanations = new ArrayList<>();
    for (PlacedField placed : map.layout().fields()) {
      if (!placed.field().isPolicyOwned()) {
        continue;
      }
      List<AcceptedPolicy> candidates =
          inOrder.stream().filter(policy -> source(policy, placed).isPresent()).toList();
      Optional<String> zeroBecause = Optional.empty();
      if (!candidates.isEmpty()) {
        AcceptedPolicy winner = candidates.getFirst();
        ValueSource source = source(winner, placed).orElseThrow();
        switch (ValueComputation.encode(placed.field(), source, subjects.apply(winner), node)) {
          case Encoded.Bytes bytes -> value = value.withField(placed, bytes.bytes());
          case Encoded.Problem problem -> zeroBecause = Optional.of(problem.message());
        }
      }
      explanations.add(explain(placed.field().name(), candidates, zeroBecause));
    }
    return new ResolvedValue(value, explanations);
  }

  private static Optional<ValueSource> source(AcceptedPolicy policy, PlacedField placed) {
    // Asked for every field of every policy that selects somebody: a stream would take most of a
    // turn.
    for (FieldValue value : policy.values()) {
      if (value.field().equals(placed.name())) {
        return Optional.of(value.source());
      }
    }
    return Optional.empty();
  }

  private static Explanation explain(
      String field, List<AcceptedPolicy> candidates, Optional<String> zeroBecause) {
    if (candidates.isEmpty()) {
      return new Explanation(field, Optional.empty(), zeroBecause, List.of());
    }
    AcceptedPolicy winner = candidates.getFirst();
    List<Explanation.Loser> losers =
        candidates.stream()
            .skip(1)
            .map(
                loser ->
                    new Explanation.Loser(
                        Explanation.Candidate.of(loser), Precedence.decides(winner, loser)))
            .toList();
    return new Explanation(
        field, Optional.of(Explanation.Candidate.of(winner)), zeroBecause, losers);
  }
}
