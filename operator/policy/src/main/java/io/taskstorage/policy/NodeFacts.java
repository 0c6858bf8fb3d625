package io.taskstorage.policy;

import java.util.Map;

/**
 * What selectors can ask of a node.
 *
 * @param name the node's name
 * @param labels the node's labels
 */
public record NodeFacts(String name, Map<String, String> labels) {

  /** Copies the labels. */
  public NodeFacts {
    labels = SortedCopy.of(labels);
  }
}
