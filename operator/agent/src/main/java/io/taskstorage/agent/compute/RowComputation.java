package io.taskstorage.agent.compute;

import io.taskstorage.agent.compute.Judged.Reach;
import io.taskstorage.agent.compute.Rules.Selection;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.PodsRoot;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.SubjectFacts;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Row;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rows of a cgroup tree. A cgroup is selected by what names it and by what selects the cgroup
 * above it; where pods begin, and at each pod, that ends. A row is emitted where it differs from
 * the row above.
 *
 * <p>A computed value is that of the cgroup by which its policy selects: a cgroup below it, which
 * anybody may have made, changes nothing. In a container it is that of the container, whether the
 * policy selects the container or its pod.
 *
 * <p>What an earlier computation by the same rules found for a cgroup is taken over where the
 * cgroup is the same subject below the same: that it was found before makes no difference but in
 * time.
 */
final class RowComputation {
  private final Rules rules;
  private final Map<String, SubjectFacts> inPods;
  private final Earlier earlier;
  private final Map<CgroupId, Visit> visitsBefore;
  private final Map<CgroupId, DesiredRow> rowsBefore;
  private final Map<BitSet, Decisions> decisionsBefore;
  private final Map<CgroupId, Visit> visits = new HashMap<>();
  private final SequencedMap<CgroupId, DesiredRow> rows = new LinkedHashMap<>();

  /** What selections mean that are the same for many. */
  private final Map<Selection, Resolved> ofNobody = new HashMap<>();

  /** By the policies that select, on which they alone depend. */
  private final Map<BitSet, Decisions> decisions = new HashMap<>();

  private final Map<PolicyKey, Integer> named = new HashMap<>();
  private final Decisions allDecisions = new Decisions();
  private int resolutions;

  /** What is known of a cgroup when those below it are looked at. */
  private record Above(Selection selection, Row row, boolean isInPod) {
    static final Above NOTHING = new Above(Selection.NOTHING, Row.EMPTY, false);
  }

  /**
   * What was found for a cgroup, which follows from the first two and the rules.
   *
   * @param direct the policies that name it
   * @param values empty where it is selected as the one above is
   */
  private record Visit(
      SubjectFacts facts, Above above, BitSet direct, Above result, Optional<Resolved> values) {
    @SuppressWarnings("ReferenceEquality") // What is above is the same instance while unchanged.
    boolean isOf(SubjectFacts otherFacts, Above otherAbove) {
      return above == otherAbove && facts.equals(otherFacts);
    }
  }

  private RowComputation(
      Rules rules,
      Map<String, SubjectFacts> inPods,
      Earlier earlier,
      Optional<RowComputation> sameRules) {
    this.rules = rules;
    this.inPods = inPods;
    this.earlier = earlier;
    this.visitsBefore = sameRules.map(last -> last.visits).orElse(Map.of());
    this.rowsBefore = sameRules.<Map<CgroupId, DesiredRow>>map(last -> last.rows).orElse(Map.of());
    this.decisionsBefore = sameRules.map(last -> last.decisions).orElse(Map.of());
  }

  /**
   * Computes all rows.
   *
   * @param cluster tells of pods; empty = there are none
   * @param earlier what was known when the turn began
   * @param last the computation before this one, from which to take over what is the same
   */
  static RowComputation of(
      CgroupSnapshot cgroups,
      Optional<ClusterState> cluster,
      Rules rules,
      Earlier earlier,
      Optional<RowComputation> last) {
    RowComputation computation =
        new RowComputation(
            rules,
            cluster.map(RowComputation::inPods).orElse(Map.of()),
            earlier,
            last.filter(before -> before.isOf(rules)));
    for (Cgroup cgroup : cgroups.cgroups()) {
      computation.add(cgroup);
    }
    computation.decisions.values().forEach(computation.allDecisions::addAll);
    return computation;
  }

  @SuppressWarnings("ReferenceEquality") // Rules are the same instance while unchanged.
  private boolean isOf(Rules others) {
    return rules == others;
  }

  /** The rows, parents before those below them. */
  SequencedMap<CgroupId, DesiredRow> rows() {
    return rows;
  }

  /** How far a policy reaches. */
  Reach reach(PolicyKey policy) {
    return new Reach(
        named.getOrDefault(policy, 0),
        allDecisions.decided(policy),
        allDecisions.overridden(policy));
  }

  /** How often values had to be resolved that were not known. */
  int resolutions() {
    return resolutions;
  }

  private void add(Cgroup cgroup) {
    Above above =
        cgroup
            .parent()
            .flatMap(id -> Optional.ofNullable(visits.get(id)))
            .map(Visit::result)
            .orElse(Above.NOTHING);
    SubjectFacts facts =
        inPods.getOrDefault(cgroup.path(), new SubjectFacts.HostCgroup(cgroup.path()));
    Visit before = visitsBefore.get(cgroup.id());
    Visit visit = before != null && before.isOf(facts, above) ? before : visit(facts, above);
    visits.put(cgroup.id(), visit);
    visit.direct().stream()
        .forEach(i -> named.merge(rules.policies().get(i).key(), 1, Integer::sum));
    visit.values().ifPresent(values -> add(cgroup, visit, values));
  }

  private void add(Cgroup cgroup, Visit visit, Resolved values) {
    Selection selection = visit.result().selection();
    if (selection.isOfNobody()) {
      ofNobody.putIfAbsent(selection, values);
    }
    decisions.computeIfAbsent(
        selection.policies(),
        policies ->
            Optional.ofNullable(decisionsBefore.get(policies))
                .orElseGet(() -> Decisions.of(values.explanations().values())));
    if (values.row().equals(visit.above().row())) {
      return;
    }
    Set<MapName> overdue = earlier.isKnown(cgroup, visit.facts()) ? Set.of() : standing(values);
    rows.put(
        cgroup.id(),
        Optional.ofNullable(rowsBefore.get(cgroup.id()))
            .filter(before -> isOf(before, cgroup, values, overdue))
            .orElseGet(() -> new DesiredRow(cgroup, values, overdue)));
  }

  @SuppressWarnings("ReferenceEquality") // Each resolution makes an instance of its own.
  private static boolean isOf(
      DesiredRow row, Cgroup cgroup, Resolved values, Set<MapName> overdue) {
    return row.resolved() == values && row.cgroup().equals(cgroup) && row.overdue().equals(overdue);
  }

  /** The maps whose value follows from what was in force before. */
  private Set<MapName> standing(Resolved values) {
    return values.explanations().entrySet().stream()
        .filter(of -> earlier.wasInForce(of.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Visit visit(SubjectFacts facts, Above above) {
    boolean isInPod = above.isInPod() || facts instanceof SubjectFacts.Pod;
    boolean isHost = facts instanceof SubjectFacts.HostCgroup;
    boolean beginsAnew =
        switch (facts) {
          case SubjectFacts.HostCgroup(String path) -> PodsRoot.is(path);
          case SubjectFacts.Pod _ -> true;
          case SubjectFacts.Container _ -> false;
        };
    BitSet direct = above.isInPod() && isHost ? new BitSet() : rules.direct(facts);
    Selection selection =
        rules.selection(facts, direct, beginsAnew ? Selection.NOTHING : above.selection());
    if (selection.equals(above.selection())) {
      Above result =
          isInPod == above.isInPod() ? above : new Above(selection, above.row(), isInPod);
      return new Visit(facts, above, direct, result, Optional.empty());
    }
    Resolved values = selection.isOfNobody() ? ofNobody.get(selection) : null;
    if (values == null) {
      values = rules.resolve(selection);
      resolutions++;
    }
    return new Visit(
        facts, above, direct, new Above(selection, values.row(), isInPod), Optional.of(values));
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
}
