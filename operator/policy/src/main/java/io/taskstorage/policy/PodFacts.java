package io.taskstorage.policy;

import java.util.List;
import java.util.Map;

/**
 * What policies can ask of a pod.
 *
 * @param namespace its namespace
 * @param name its name
 * @param uid the UID that the API server gave it
 * @param labels its labels
 * @param annotations its annotations
 * @param serviceAccountName the account that it runs as; empty where the API server did not say
 * @param nodeName the node that it is bound to; empty if none
 * @param ns what is known of its namespace
 * @param containers all of them, of every kind
 */
public record PodFacts(
    String namespace,
    String name,
    String uid,
    Map<String, String> labels,
    Map<String, String> annotations,
    String serviceAccountName,
    String nodeName,
    NamespaceFacts ns,
    List<ContainerFacts> containers) {

  /**
   * Copies what it is given.
   *
   * @throws IllegalArgumentException if {@code ns} is another namespace
   */
  public PodFacts {
    labels = SortedCopy.of(labels);
    annotations = SortedCopy.of(annotations);
    containers = List.copyOf(containers);
    if (!ns.name().equals(namespace)) {
      throw new IllegalArgumentException(
          "describe pod %s/%s: facts of namespace %s: pass those of its own"
              .formatted(namespace, name, ns.name()));
    }
  }
}
