package io.taskstorage.policy;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
    SortedMap<String, String> all = new TreeMap<>(labels);
    all.put(NAME_LABEL, name);
    labels = Collections.unmodifiableSortedMap(all);
  }
}
