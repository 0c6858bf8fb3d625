package io.taskstorage.agent.compute;

import io.taskstorage.agent.compute.Judged.Reach;
import io.taskstorage.layout.Decoder;
import io.taskstorage.layout.Value;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.Explanation;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PodsRoot;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.Resolution;
import io.taskstorage.policy.ResolvedValue;
import io.taskstorage.policy.SubjectFacts;
import io.taskstorage.policy.SubjectMatcher;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Row;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rows of a cgroup tree. A cgroup is selected by what names it and by what selects the cgroup
 * above it; where pods begin, that ends. A row is emitted where it differs from the row above.
 */
final class RowComputation {
  private final List<AcceptedPolicy> policies;
  private final SortedMap<String, AcceptedMap> maps;
  private final NodeFacts node;
  private final Map<BitSet, Resolved> resolved = new HashMap<>();
  private final Map<PolicyKey, Integer> named = new HashMap<>();
  private final Map<PolicyKey, SortedSet<String>> decided = new HashMap<>();
  private final Map<PolicyKey, SortedSet<String>> overridden = new HashMap<>();
  private final SequencedMap<CgroupId, DesiredRow> rows = new LinkedHashMap<>();

  /** What one set of policies means. */
  private record Resolved(
      Row row,
      SortedMap<MapName, Map<String, String>> fields,
      SortedMap<MapName, List<Explanation>> explanations) {}

  /** What is known of a cgroup when those below it are looked at. */
  private record Above(BitSet selecting, Row row) {
    static final Above NOTHING = new Above(new BitSet(), Row.EMPTY);
  }

  private RowComputation(
      List<AcceptedPolicy> policies, SortedMap<String, AcceptedMap> maps, NodeFacts node) {
    this.policies = policies;
    this.maps = maps;
    this.node = node;
  }

  /**
   * Computes all rows.
   *
   * @param policies those in force, whose map this node gets
   * @param maps those that this node gets
   */
  static RowComputation of(
      CgroupSnapshot cgroups,
      List<AcceptedPolicy> policies,
      SortedMap<String, AcceptedMap> maps,
      NodeFacts node) {
    RowComputation computation = new RowComputation(policies, maps, node);
    Map<CgroupId, Above> known = new HashMap<>();
    for (Cgroup cgroup : cgroups.cgroups()) {
      Above above =
          cgroup.parent().map(id -> known.getOrDefault(id, Above.NOTHING)).orElse(Above.NOTHING);
      known.put(cgroup.id(), computation.visit(cgroup, above));
    }
    return computation;
  }

  /** The rows, parents before those below them. */
  SequencedMap<CgroupId, DesiredRow> rows() {
    return rows;
  }

  /** How far a policy reaches. */
  Reach reach(PolicyKey policy) {
    return new Reach(
        named.getOrDefault(policy, 0),
        decided.getOrDefault(policy, Collections.emptySortedSet()),
        overridden.getOrDefault(policy, Collections.emptySortedSet()));
  }

  private Above visit(Cgroup cgroup, Above above) {
    BitSet selecting = selecting(cgroup.path(), above.selecting());
    if (selecting.equals(above.selecting())) {
      return above;
    }
    Resolved values = resolved.computeIfAbsent(selecting, this::resolve);
    if (!values.row().equals(above.row())) {
      rows.put(
          cgroup.id(),
          new DesiredRow(cgroup, values.row(), values.fields(), values.explanations()));
    }
    return new Above(selecting, values.row());
  }

  private BitSet selecting(String path, BitSet inherited) {
    if (PodsRoot.is(path)) {
      return new BitSet();
    }
    BitSet selecting = (BitSet) inherited.clone();
    for (int i = 0; i < policies.size(); i++) {
      AcceptedPolicy policy = policies.get(i);
      if (SubjectMatcher.selects(policy, new SubjectFacts.HostCgroup(path), node)) {
        selecting.set(i);
        named.merge(policy.key(), 1, Integer::sum);
      }
    }
    return selecting;
  }

  private Resolved resolve(BitSet selecting) {
    List<AcceptedPolicy> selected = selecting.stream().mapToObj(policies::get).toList();
    Map<MapName, Value> values = new HashMap<>();
    SortedMap<MapName, Map<String, String>> fields = new TreeMap<>();
    SortedMap<MapName, List<Explanation>> explanations = new TreeMap<>();
    Map<String, ResolvedValue> byMap = Resolution.resolve(selected, maps);
    for (AcceptedMap map : maps.values()) {
      ResolvedValue value = byMap.get(map.name());
      if (value != null) {
        MapName name = new MapName(map.name());
        values.put(name, value.value());
        fields.put(name, policyFields(map, value.value()));
        explanations.put(name, value.explanations());
        value.explanations().forEach(this::note);
      }
    }
    return new Resolved(new Row(values), fields, explanations);
  }

  /** What policies decide, as people read it; what programs write is not in a row. */
  private static Map<String, String> policyFields(AcceptedMap map, Value value) {
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, String> texts = Decoder.display(map.layout(), value.toBytes());
    map.layout().fields().stream()
        .filter(placed -> placed.field().isPolicyOwned())
        .forEach(placed -> fields.put(placed.name(), texts.getOrDefault(placed.name(), "")));
    return fields;
  }

  private void note(Explanation explanation) {
    String field = explanation.field();
    explanation.winner().ifPresent(winner -> add(decided, winner.policy(), field));
    for (Explanation.Loser loser : explanation.losers()) {
      add(overridden, loser.candidate().policy(), field);
    }
  }

  private static void add(Map<PolicyKey, SortedSet<String>> to, PolicyKey policy, String field) {
    to.computeIfAbsent(policy, _ -> new TreeSet<>()).add(field);
  }
}
