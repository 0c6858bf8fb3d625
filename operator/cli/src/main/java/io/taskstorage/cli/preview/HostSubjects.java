package io.taskstorage.cli.preview;

import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.cli.input.ClusterFacts;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.Subject;
import io.taskstorage.policy.SubjectFacts;
import io.taskstorage.policy.SubjectMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** The nodes that are known by name; one that stands for any where none is. */
  List<NodeFacts> nodes(Optional<String> onlyNode) {
    if (onlyNode.isPresent()) {
      return List.of(cluster.node(onlyNode.get()));
    }
    SortedSet<String> names = new TreeSet<>(cluster.nodes().keySet());
    names.addAll(cluster.unknownNodes());
    return names.isEmpty() ? List.of(SOME_NODE) : names.stream().map(cluster::node).toList();
  }

  /** Tells each subject with the policies that select it, if there are any. */
  void each(NodeFacts node, BiConsumer<PreviewSubject, List<AcceptedPolicy>> each) {
    Map<String, List<AcceptedPolicy>> known = new HashMap<>();
    byPath.forEach(
        (path, subject) -> {
          List<AcceptedPolicy> selecting = selecting(path, node, known);
          if (!selecting.isEmpty()) {
            each.accept(subject, selecting);
          }
        });
  }

  /** What names the cgroup or one above it, in the order of precedence. */
  private List<AcceptedPolicy> selecting(
      String path, NodeFacts node, Map<String, List<AcceptedPolicy>> known) {
    List<AcceptedPolicy> before = known.get(path);
    if (before != null) {
      return before;
    }
    int slash = path.lastIndexOf('/');
    List<AcceptedPolicy> above =
        slash <= 0 ? List.of() : selecting(path.substring(0, slash), node, known);
    SubjectFacts facts = new SubjectFacts.HostCgroup(path);
    List<AcceptedPolicy> all = new ArrayList<>();
    for (AcceptedPolicy policy : policies) {
      AcceptedPolicy asked =
          node.equals(SOME_NODE) ? onEveryNode.getOrDefault(policy, policy) : policy;
      if (above.contains(policy) || SubjectMatcher.selects(asked, facts, node)) {
        all.add(policy);
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
