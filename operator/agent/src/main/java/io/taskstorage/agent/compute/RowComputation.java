package io.taskstorage.agent.compute;

import io.taskstorage.agent.compute.Judged.Reach;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.layout.Decoder;
import io.taskstorage.layout.Value;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.ContainerFacts;
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
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rows of a cgroup tree. A cgroup is selected by what names it and by what selects the cgroup
 * above it; where pods begin, and at each pod, that ends. A row is emitted where it differs from
 * the row above.
 *
 * <p>A computed value is that of the cgroup by which its policy selects: a cgroup below it, which
 * anybody may have made, changes nothing. In a container it is that of the container, whether the
 * policy selects the container or its pod.
 */
final class RowComputation {
  /** Stands for the subject of a policy whose values depend on none. */
  private static final SubjectFacts NOBODY = new SubjectFacts.HostCgroup("/");

  private final List<AcceptedPolicy> policies;
  private final SortedMap<String, AcceptedMap> maps;
  private final NodeFacts node;
  private final BitSet computed;
  private final BitSet perContainer;
  private final Map<String, SubjectFacts> inPods;
  private final Earlier earlier;
  private final Map<Selection, Resolved> resolved = new HashMap<>();
  private final Map<PolicyKey, Integer> named = new HashMap<>();
  private final Map<PolicyKey, SortedSet<String>> decided = new HashMap<>();
  private final Map<PolicyKey, SortedSet<String>> overridden = new HashMap<>();
  private final SequencedMap<CgroupId, DesiredRow> rows = new LinkedHashMap<>();

  /**
   * What selects a cgroup.
   *
   * @param policies their indices
   * @param subjects for those of them that compute values, the subject by which they select
   */
  private record Selection(BitSet policies, Map<PolicyKey, SubjectFacts> subjects) {
    static final Selection NOTHING = new Selection(new BitSet(), Map.of());
  }

  /**
   * What a selection means.
   *
   * @param standing the maps whose value follows from what was in force before
   */
  private record Resolved(
      Row row,
      SortedMap<MapName, Map<String, String>> fields,
      SortedMap<MapName, List<Explanation>> explanations,
      Set<MapName> standing) {}

  /** What is known of a cgroup when those below it are looked at. */
  private record Above(Selection selection, Row row, boolean isInPod) {
    static final Above NOTHING = new Above(Selection.NOTHING, Row.EMPTY, false);
  }

  private RowComputation(
      List<AcceptedPolicy> policies,
      SortedMap<String, AcceptedMap> maps,
      NodeFacts node,
      Map<String, SubjectFacts> inPods,
      Earlier earlier) {
    this.policies = policies;
    this.maps = maps;
    this.node = node;
    this.inPods = inPods;
    this.earlier = earlier;
    this.computed = new BitSet();
    this.perContainer = new BitSet();
    for (int i = 0; i < policies.size(); i++) {
      computed.set(i, policies.get(i).isComputed());
      perContainer.set(i, policies.get(i).readsContainer());
    }
  }

  /**
   * Computes all rows.
   *
   * @param cluster tells of pods; empty = there are none
   * @param policies those in force, whose map this node gets
   * @param maps those that this node gets
   * @param earlier what was known when the turn began
   */
  static RowComputation of(
      CgroupSnapshot cgroups,
      Optional<ClusterState> cluster,
      List<AcceptedPolicy> policies,
      SortedMap<String, AcceptedMap> maps,
      NodeFacts node,
      Earlier earlier) {
    RowComputation computation =
        new RowComputation(
            policies, maps, node, cluster.map(RowComputation::inPods).orElse(Map.of()), earlier);
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
    SubjectFacts facts =
        inPods.getOrDefault(cgroup.path(), new SubjectFacts.HostCgroup(cgroup.path()));
    boolean isInPod = above.isInPod() || facts instanceof SubjectFacts.Pod;
    Selection selection = selection(facts, above);
    if (selection.equals(above.selection())) {
      return isInPod == above.isInPod() ? above : new Above(selection, above.row(), isInPod);
    }
    Resolved values = resolved.computeIfAbsent(selection, this::resolve);
    if (!values.row().equals(above.row())) {
      Set<MapName> overdue = earlier.isKnown(cgroup, facts) ? Set.of() : values.standing();
      rows.put(
          cgroup.id(),
          new DesiredRow(cgroup, values.row(), values.fields(), values.explanations(), overdue));
    }
    return new Above(selection, values.row(), isInPod);
  }

  private Selection selection(SubjectFacts facts, Above above) {
    boolean beginsAnew =
        switch (facts) {
          case SubjectFacts.HostCgroup(String path) -> PodsRoot.is(path);
          case SubjectFacts.Pod _ -> true;
          case SubjectFacts.Container _ -> false;
        };
    BitSet selecting = new BitSet();
    if (!beginsAnew) {
      selecting.or(above.selection().policies());
    }
    BitSet direct =
        above.isInPod() && facts instanceof SubjectFacts.HostCgroup ? new BitSet() : direct(facts);
    selecting.or(direct);
    if (!selecting.intersects(computed)) {
      return new Selection(selecting, Map.of());
    }
    Map<PolicyKey, SubjectFacts> subjects =
        new HashMap<>(beginsAnew ? Map.of() : above.selection().subjects());
    BitSet here = (BitSet) direct.clone();
    here.and(computed);
    if (facts instanceof SubjectFacts.Container) {
      BitSet otherThanInPod = (BitSet) selecting.clone();
      otherThanInPod.and(perContainer);
      here.or(otherThanInPod);
    }
    here.stream().forEach(i -> subjects.put(policies.get(i).key(), facts));
    return new Selection(selecting, subjects);
  }

  /** The policies that name this very cgroup. */
  private BitSet direct(SubjectFacts facts) {
    BitSet direct = new BitSet();
    for (int i = 0; i < policies.size(); i++) {
      AcceptedPolicy policy = policies.get(i);
      if (SubjectMatcher.selects(policy, facts, node)) {
        direct.set(i);
        named.merge(policy.key(), 1, Integer::sum);
      }
    }
    return direct;
  }

  /** The cgroups of pods and of their containers, by path. */
  private static Map<String, SubjectFacts> inPods(ClusterState cluster) {
    Map<String, SubjectFacts> subjects = new HashMap<>();
    for (PodOnNode pod : cluster.pods().values()) {
      for (ContainerFacts container : pod.pod().containers()) {
        Optional.ofNullable(pod.containerCgroups().get(container.name()))
            .ifPresent(
                path -> subjects.put(path, new SubjectFacts.Container(pod.pod(), container)));
      }
    }
    cluster.pods().forEach((path, pod) -> subjects.put(path, new SubjectFacts.Pod(pod.pod())));
    return subjects;
  }

  private Resolved resolve(Selection selection) {
    List<AcceptedPolicy> selected = selection.policies().stream().mapToObj(policies::get).toList();
    Map<MapName, Value> values = new HashMap<>();
    SortedMap<MapName, Map<String, String>> fields = new TreeMap<>();
    SortedMap<MapName, List<Explanation>> explanations = new TreeMap<>();
    Map<String, ResolvedValue> byMap =
        Resolution.resolve(
            selected,
            maps,
            policy -> selection.subjects().getOrDefault(policy.key(), NOBODY),
            node);
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
    Set<MapName> standing =
        explanations.entrySet().stream()
            .filter(of -> earlier.wasInForce(of.getValue()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    return new Resolved(new Row(values), fields, explanations, standing);
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
