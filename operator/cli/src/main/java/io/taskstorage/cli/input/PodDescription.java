package io.taskstorage.cli.input;

import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.PodFacts;
import java.util.List;
import java.util.Map;

/** A pod as its own object describes it; its namespace is another object. */
public record PodDescription(
    String namespace,
    String name,
    String uid,
    Map<String, String> labels,
    Map<String, String> annotations,
    String serviceAccountName,
    String nodeName,
    List<ContainerFacts> containers) {

  /** Copies what it is given. */
  public PodDescription {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    containers = List.copyOf(containers);
  }

  PodFacts facts(NamespaceFacts ns) {
    return new PodFacts(
        namespace, name, uid, labels, annotations, serviceAccountName, nodeName, ns, containers);
  }
}
