package io.taskstorage.policy;

import java.util.List;
import java.util.Map;

/** Pods for tests. */
final class Pods {

  private Pods() {}

  /** A pod with little to tell. */
  static PodFacts pod(String namespace, String name) {
    return pod(namespace, name, Map.of("app", name), Map.of());
  }

  static PodFacts pod(
      String namespace, String name, Map<String, String> labels, Map<String, String> annotations) {
    return new PodFacts(
        namespace,
        name,
        "uid-of-" + name,
        labels,
        annotations,
        "runner",
        "n",
        new NamespaceFacts(namespace, Map.of("team", namespace)),
        List.of(
            new ContainerFacts("setup", "setup:1", ContainerKind.INIT),
            new ContainerFacts("mesh", "mesh:1", ContainerKind.SIDECAR),
            new ContainerFacts("server", "server:1", ContainerKind.REGULAR),
            new ContainerFacts("debug", "debug:1", ContainerKind.EPHEMERAL)));
  }

  static SubjectFacts container(PodFacts pod, String name) {
    return new SubjectFacts.Container(
        pod,
        pod.containers().stream()
            .filter(container -> container.name().equals(name))
            .findFirst()
            .orElseThrow());
  }
}
