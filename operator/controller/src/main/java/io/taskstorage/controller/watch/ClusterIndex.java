package io.taskstorage.controller.watch;

import io.taskstorage.controller.aggregate.NodeReport;
import io.taskstorage.controller.aggregate.NodeView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Nodes, their agents and what they report, brought up to date by each event alone: an event costs
 * the same however many nodes there are. Thread-safe.
 */
final class ClusterIndex {

  /** What is known of one node, whether or not there is a Node. */
  private static final class Entry {
    @Nullable SeenNode node;
    @Nullable NodeReport report;

    /** The uid of the Node of which it is the report. */
    String reportOf = "";

    /** Ready or not, by the key of the agent's pod: two while one replaces the other. */
    final Map<String, Boolean> agents = new HashMap<>(2);

    boolean isEmpty() {
      return node == null && report == null && agents.isEmpty();
    }
  }

  private final Map<String, Entry> entries = new HashMap<>();
  private final TreeMap<String, NodeView> views = new TreeMap<>();

  /** Takes in a Node; null for one that is gone. True if a status may depend on the difference. */
  synchronized boolean node(String name, @Nullable SeenNode node) {
    return update(name, entry -> entry.node = node);
  }

  /**
   * The same for a node's state. What an earlier Node of the name reported is nothing that the one
   * which is there has done.
   */
  synchronized boolean state(String name, @Nullable SeenNodeState state) {
    return update(
        name,
        entry -> {
          entry.report = state == null ? null : state.report().orElse(null);
          entry.reportOf = state == null ? "" : state.ownerUid();
        });
  }

  /** The same for an agent's pod on a node; a pod that is gone has no readiness. */
  synchronized boolean agent(String node, String pod, @Nullable Boolean ready) {
    return update(
        node,
        entry -> {
          if (ready == null) {
            entry.agents.remove(pod);
          } else {
            entry.agents.put(pod, ready);
          }
        });
  }

  /** Whether one of a node's agents is Ready. */
  synchronized boolean hasReadyAgent(String node) {
    Entry entry = entries.get(node);
    return entry != null && entry.agents.containsValue(true);
  }

  /** All nodes now, in the order of their names. */
  synchronized List<NodeView> nodes() {
    return List.copyOf(views.values());
  }

  synchronized int size() {
    return views.size();
  }

  private boolean update(String name, Consumer<Entry> change) {
    Entry entry = entries.computeIfAbsent(name, _ -> new Entry());
    change.accept(entry);
    if (entry.isEmpty()) {
      entries.remove(name);
    }
    SeenNode node = entry.node;
    if (node == null) {
      return views.remove(name) != null;
    }
    NodeView view =
        new NodeView(
            name,
            node.labels(),
            node.ready(),
            entry.agents.containsValue(true),
            Optional.ofNullable(entry.report).filter(_ -> entry.reportOf.equals(node.uid())));
    return !view.equals(views.put(name, view));
  }
}
