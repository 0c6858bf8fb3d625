package io.taskstorage.agent.observe;

import io.taskstorage.policy.NamespaceFacts;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a cluster tells an agent beside the objects of our API.
 *
 * @param namespaces every namespace that is known, by name
 * @param pods the pods of this node by the path of their cgroup, as in a {@code CgroupSnapshot}
 */
public record ClusterState(
    SortedMap<String, NamespaceFacts> namespaces, SortedMap<String, PodOnNode> pods) {

  /** Copies both. */
  public ClusterState {
    namespaces = Collections.unmodifiableSortedMap(new TreeMap<>(namespaces));
    pods = Collections.unmodifiableSortedMap(new TreeMap<>(pods));
  }
}
