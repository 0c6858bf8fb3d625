package io.taskstorage.agent.compute;

import io.taskstorage.layout.Decoder;
import io.taskstorage.layout.Value;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.Explanation;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.Resolution;
import io.taskstorage.policy.ResolvedValue;
import io.taskstorage.policy.SubjectFacts;
import io.taskstorage.policy.SubjectMatcher;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Row;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What decides values on a node: policies, by their places in a list, and maps. It never changes,
 * so what follows from it for a subject stays as it is as long as this is the same instance.
 */
final class Rules {
  /** Stands for the subject of a policy whose values depend on none. */
  private static final SubjectFacts NOBODY = new SubjectFacts.HostCgroup("/");

  private final List<AcceptedPolicy> policies;
  private final SortedMap<String, AcceptedMap> maps;
  private final NodeFacts node;
  private final BitSet computed = new BitSet();
  private final BitSet perContainer = new BitSet();

  /**
   * What selects a cgroup.
   *
   * @param policies their places
   * @param subjects for those of them that compute values, the subject by which they select
   */
  record Selection(BitSet policies, Map<PolicyKey, SubjectFacts> subjects) {
    static final Selection NOTHING = new Selection(new BitSet(), Map.of());

    /** Whether everything that has it carries the same, whichever subject it is. */
    boolean isOfNobody() {
      return subjects.isEmpty();
    }
  }

  /**
   * These rules.
   *
   * @param policies those in force, whose map this node gets
   * @param maps those that this node gets
   */
  Rules(List<AcceptedPolicy> policies, SortedMap<String, AcceptedMap> maps, NodeFacts node) {
    this.policies = List.copyOf(policies);
    this.maps = new TreeMap<>(maps);
    this.node = node;
    for (int i = 0; i < policies.size(); i++) {
      computed.set(i, policies.get(i).isComputed());
      perContainer.set(i, policies.get(i).readsContainer());
    }
  }

  /** In their order. */
  List<AcceptedPolicy> policies() {
    return policies;
  }

  /** The policies that name this very cgroup. */
  BitSet direct(SubjectFacts facts) {
    BitSet direct = new BitSet();
    for (int i = 0; i < policies.size(); i++) {
      direct.set(i, SubjectMatcher.selects(policies.get(i), facts, node));
    }
    return direct;
  }

  /**
   * What selects a cgroup.
   *
   * @param direct the policies that name it
   * @param above what selects the cgroup above, as far as it goes on here
   */
  Selection selection(SubjectFacts facts, BitSet direct, Selection above) {
    BitSet selecting = (BitSet) above.policies().clone();
    selecting.or(direct);
    if (!selecting.intersects(computed)) {
      return new Selection(selecting, Map.of());
    }
    Map<PolicyKey, SubjectFacts> subjects = new HashMap<>(above.subjects());
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

  /** What whoever is selected so carries. */
  Resolved resolve(Selection selection) {
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
}
