package io.taskstorage.cli.preview;

import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.cli.input.ClusterFacts;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.Subject;
import io.taskstorage.policy.SubjectFacts;
import io.taskstorage.policy.SubjectMatcher;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * The units and cgroups that policies name, on each node.
 *
 * <p>Without a node's cgroup tree a unit stands where systemd puts it by default, and a cgroup by
 * its path; whatever selects a cgroup above selects them too, as on a node.
 */
final class HostSubjects {
  /** A node that nobody described, and that every selector selects. */
  static final NodeFacts SOME_NODE = new NodeFacts("", Map.of());

  private final ClusterFacts cluster;
  private final List<AcceptedPolicy> policies;
  private final SortedMap<String, PreviewSubject> byPath = new TreeMap<>();
  private final Map<AcceptedPolicy, AcceptedPolicy> onEveryNode = new HashMap<>();

  HostSubjects(ClusterFacts cluster, List<AcceptedPolicy> policies) {
    this.cluster = cluster;
    this.policies = policies;
    for (AcceptedPolicy policy : policies) {
      if (policy.subject() instanceof Subject.HostProcesses host) {
        host.cgroupPaths()
            .forEach(path -> byPath.putIfAbsent(path, new PreviewSubject.OfCgroup(path)));
        // A unit and a path may be one cgroup: the unit's name says more.
        host.systemdUnits()
            .forEach(
                unit ->
                    byPath.put(
                        UnitPlace.of(unit),
                        new PreviewSubject.OfUnit(unit, UnitPlace.shown(unit))));
        onEveryNode.put(policy, onEveryNode(policy, host));
      }
    }
  }

  boolean isEmpty() {
    return byPath.isEmpty();
  }

  /** True if some unit is told to be where systemd puts it by default. */
  boolean hasUnits() {
    return byPath.values().stream().anyMatch(PreviewSubject.OfUnit.class::isInstance);
  }

  /** True if a value is computed for the instances of a template, each of which has its own. */
  boolean hasComputedTemplates() {
    return policies.stream()
        .anyMatch(
            policy ->
                policy.isComputed()
                    && policy.subject() instanceof Subject.HostProcesses host
                    && host.systemdUnits().stream().anyMatch(UnitPlace::isTemplate));
  }

  /** The nodes that are known by name; one that stands for any where none is. */
  List<NodeFacts> nodes(Optional<String> onlyNode) {
    if (onlyNode.isPresent()) {
      return List.of(cluster.node(onlyNode.get()));
    }
    SortedSet<String> names = new TreeSet<>(cluster.nodes().keySet());
    names.addAll(cluster.unknownNodes());
    return names.isEmpty() ? List.of(SOME_NODE) : names.stream().map(cluster::node).toList();
  }

  /**
   * Tells each subject with the policies that select it, if there are any, in the order of
   * precedence, and for each of them the cgroup by which it selects.
   */
  void each(
      NodeFacts node, BiConsumer<PreviewSubject, SequencedMap<AcceptedPolicy, SubjectFacts>> each) {
    Map<String, SequencedMap<AcceptedPolicy, SubjectFacts>> known = new HashMap<>();
    byPath.forEach(
        (path, subject) -> {
          SequencedMap<AcceptedPolicy, SubjectFacts> selecting = selecting(path, node, known);
          if (!selecting.isEmpty()) {
            each.accept(subject, selecting);
          }
        });
  }

  /** What names the cgroup or, nearest first, one above it. */
  private SequencedMap<AcceptedPolicy, SubjectFacts> selecting(
      String path, NodeFacts node, Map<String, SequencedMap<AcceptedPolicy, SubjectFacts>> known) {
    SequencedMap<AcceptedPolicy, SubjectFacts> before = known.get(path);
    if (before != null) {
      return before;
    }
    int slash = path.lastIndexOf('/');
    Map<AcceptedPolicy, SubjectFacts> above =
        slash <= 0 ? Map.of() : selecting(path.substring(0, slash), node, known);
    SubjectFacts facts = new SubjectFacts.HostCgroup(path);
    SequencedMap<AcceptedPolicy, SubjectFacts> all = new LinkedHashMap<>();
    for (AcceptedPolicy policy : policies) {
      AcceptedPolicy asked =
          node.equals(SOME_NODE) ? onEveryNode.getOrDefault(policy, policy) : policy;
      SubjectFacts inherited = above.get(policy);
      if (SubjectMatcher.selects(asked, facts, node)) {
        all.put(policy, facts);
      } else if (inherited != null) {
        all.put(policy, inherited);
      }
    }
    known.put(path, all);
    return all;
  }

  private static AcceptedPolicy onEveryNode(AcceptedPolicy policy, Subject.HostProcesses host) {
    return new AcceptedPolicy(
        policy.key(),
        policy.tier(),
        policy.priority(),
        policy.map(),
        new Subject.HostProcesses(
            LabelSelector.EVERYTHING, host.systemdUnits(), host.cgroupPaths()),
        policy.values(),
        policy.generation());
  }
}
