package io.taskstorage.cli.status;

import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.TaskStorageMapStatus;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a cluster says of its maps, policies and nodes.
 *
 * @param maps by name
 * @param policies of both kinds
 * @param nodes by name; none where they may not be read
 * @param agents the nodes that have a Ready agent; empty where that may not be read
 * @param nodeStates by the node's name
 * @param nodesByNamespace for each namespace that was asked for, the nodes on which its pods are
 * @param unread what was left out, and why
 */
public record ClusterStatus(
    SortedMap<String, OfMap> maps,
    List<OfPolicy> policies,
    SortedMap<String, OfNode> nodes,
    Optional<Set<String>> agents,
    SortedMap<String, NodeStateStatus> nodeStates,
    Map<String, Set<String>> nodesByNamespace,
    List<String> unread) {

  /** Copies what it is given. */
  public ClusterStatus {
    maps = Collections.unmodifiableSortedMap(new TreeMap<>(maps));
    policies = List.copyOf(policies);
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    agents = agents.map(Set::copyOf);
    nodeStates = Collections.unmodifiableSortedMap(new TreeMap<>(nodeStates));
    nodesByNamespace = Map.copyOf(nodesByNamespace);
    unread = List.copyOf(unread);
  }

  /** A map; its status is empty until its controller saw it. */
  public record OfMap(
      String name,
      String uid,
      long generation,
      LabelSelector nodeSelector,
      TaskStorageMapStatus status) {}

  /**
   * A policy; its status is empty until its controller saw it.
   *
   * @param namespace empty for a cluster policy
   * @param map name of the map that it is for
   */
  public record OfPolicy(
      String kind,
      String namespace,
      String name,
      String uid,
      long generation,
      String map,
      PolicyStatus status) {

    /** True if nodes are at work for it. */
    public boolean isUnderWay() {
      return Told.reason(Told.ready(status.conditions(), generation))
          .equals(Reason.RECONCILING.wire());
    }

    /** As node states and people name it. */
    public String key() {
      return namespace.isEmpty() ? name : namespace + "/" + name;
    }
  }

  /**
   * A node.
   *
   * @param bootId the boot of which its kubelet has told last; empty until it has
   * @param startupTaint whether it has the taint that waits for its agent
   */
  public record OfNode(
      Map<String, String> labels, boolean ready, String bootId, boolean startupTaint) {
    /** Copies the labels. */
    public OfNode {
      labels = Map.copyOf(labels);
    }
  }

  /** True if work is expected of the node: it is Ready, and so is its agent as far as known. */
  boolean isAvailable(String node) {
    OfNode known = nodes.get(node);
    return known != null && known.ready() && agents.map(ready -> ready.contains(node)).orElse(true);
  }
}
