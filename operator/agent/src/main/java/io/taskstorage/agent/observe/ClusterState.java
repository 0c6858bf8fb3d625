package io.taskstorage.agent.observe;

import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a cluster tells an agent beside the objects of our API.
 *
 * @param node this node
 * @param namespaces every namespace that is known, by name
 * @param pods the pods of this node by the path of their cgroup, as in a {@code CgroupSnapshot}
 * @param podNamespaces the namespaces of all pods of this node, also of those without a cgroup
 */
public record ClusterState(
    NodeFacts node,
    SortedMap<String, NamespaceFacts> namespaces,
    SortedMap<String, PodOnNode> pods,
    SortedSet<String> podNamespaces) {

  /** Copies what it is given. */
  public ClusterState {
    namespaces = Collections.unmodifiableSortedMap(new TreeMap<>(namespaces));
    pods = Collections.unmodifiableSortedMap(new TreeMap<>(pods));
    podNamespaces = Collections.unmodifiableSortedSet(new TreeSet<>(podNamespaces));
  }
}
