package io.taskstorage.policy;

import java.util.HashMap;
import java.util.Map;

/**
 * What selectors and expressions can ask of a namespace.
 *
 * @param name the namespace's name
 * @param labels its labels, with {@link #NAME_LABEL}, which the API server writes into every one
 */
public record NamespaceFacts(String name, Map<String, String> labels) {

  /** The label that every namespace of a cluster has; its value is the name. */
  public static final String NAME_LABEL = "kubernetes.io/metadata.name";

  /** Copies the labels and adds the one of the name, so that files select as a cluster does. */
  public NamespaceFacts {
    Map<String, String> all = new HashMap<>(labels);
    all.put(NAME_LABEL, name);
    labels = SortedCopy.of(all);
  }
}
