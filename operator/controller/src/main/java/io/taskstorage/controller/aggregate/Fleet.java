package io.taskstorage.controller.aggregate;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All nodes of a cluster at one moment.
 *
 * @param nodes each once, in the order of their names
 * @param nodesByNamespace for each namespace that was asked about, the nodes on which its pods were
 *     then
 */
public record Fleet(List<NodeView> nodes, Map<String, Set<String>> nodesByNamespace) {

  /** Copies both. */
  public Fleet {
    nodes = List.copyOf(nodes);
    nodesByNamespace = Map.copyOf(nodesByNamespace);
  }

  /** True if a node had a pod of the namespace when that was asked. */
  boolean runs(NodeView node, String namespace) {
    return nodesByNamespace.getOrDefault(namespace, Set.of()).contains(node.name());
  }

  /**
   * A number for how far the nodes are with a map and its policies: another one once a node has
   * acted on something, the same while only its tasks come and go.
   */
  public int stage(String mapUid) {
    int stage = 1;
    for (NodeView node : nodes) {
      int own = node.report().flatMap(report -> report.map(mapUid)).map(MapReport::stage).orElse(0);
      stage = 31 * stage + own;
    }
    return stage;
  }

  /** True if there is an agent anywhere. */
  boolean hasAgents() {
    return nodes.stream().anyMatch(NodeView::agentReady);
  }
}
