package io.taskstorage.controller.aggregate;

import java.util.Map;
import java.util.Optional;

/**
 * One node as statuses see it.
 *
 * @param name the Node's name
 * @param labels its labels
 * @param ready the Node is Ready
 * @param agentReady an agent's pod on it is Ready
 * @param report what its agent reports; empty until it did
 */
public record NodeView(
    String name,
    Map<String, String> labels,
    boolean ready,
    boolean agentReady,
    Optional<NodeReport> report) {

  /** Copies the labels. */
  public NodeView {
    labels = Map.copyOf(labels);
  }

  /** True if something can be expected of it. */
  public boolean isAvailable() {
    return ready && agentReady;
  }
}
