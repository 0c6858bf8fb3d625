package io.taskstorage.cli.input;

import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PodFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Pods, namespaces and nodes, as far as policies can ask of them.
 *
 * @param namespaces those that were described, by name
 * @param nodes those that were described, by name
 * @param pods by {@code namespace/name}; a pod that has ended is none
 */
public record ClusterFacts(
    SortedMap<String, NamespaceFacts> namespaces,
    SortedMap<String, NodeFacts> nodes,
    SortedMap<String, PodDescription> pods) {

  /** Nothing described. */
  public static final ClusterFacts NONE =
      new ClusterFacts(
          Collections.emptySortedMap(), Collections.emptySortedMap(), Collections.emptySortedMap());

  /** Copies what it is given. */
  public ClusterFacts {
    namespaces = Collections.unmodifiableSortedMap(new TreeMap<>(namespaces));
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    pods = Collections.unmodifiableSortedMap(new TreeMap<>(pods));
  }

  /** These facts laid over others. */
  public ClusterFacts over(ClusterFacts below) {
    return new ClusterFacts(
        over(below.namespaces, namespaces), over(below.nodes, nodes), over(below.pods, pods));
  }

  private static <V> SortedMap<String, V> over(Map<String, V> below, Map<String, V> above) {
    SortedMap<String, V> all = new TreeMap<>(below);
    all.putAll(above);
    return all;
  }

  /** The namespace, or one without labels of its own where nobody described it. */
  public NamespaceFacts namespace(String name) {
    NamespaceFacts known = namespaces.get(name);
    return known != null ? known : new NamespaceFacts(name, Map.of());
  }

  /**
   * The node, or one with the labels that every node of this name has where nobody described it.
   */
  public NodeFacts node(String name) {
    NodeFacts known = nodes.get(name);
    return known != null
        ? known
        : new NodeFacts(name, Map.of("kubernetes.io/os", "linux", "kubernetes.io/hostname", name));
  }

  /** The pods with what is known of their namespaces, in the order of their names. */
  public List<PodFacts> podFacts() {
    List<PodFacts> facts = new ArrayList<>(pods.size());
    pods.values().forEach(pod -> facts.add(pod.facts(namespace(pod.namespace()))));
    return facts;
  }

  /** Namespaces of pods, and of what else is named, that nobody described. */
  public Set<String> unknownNamespaces(Set<String> named) {
    Set<String> unknown = new TreeSet<>(named);
    pods.values().forEach(pod -> unknown.add(pod.namespace()));
    unknown.removeAll(namespaces.keySet());
    return unknown;
  }

  /** Nodes of pods that nobody described. */
  public Set<String> unknownNodes() {
    Set<String> unknown = new TreeSet<>();
    pods.values().forEach(pod -> unknown.add(pod.nodeName()));
    unknown.remove("");
    unknown.removeAll(nodes.keySet());
    return unknown;
  }
}
