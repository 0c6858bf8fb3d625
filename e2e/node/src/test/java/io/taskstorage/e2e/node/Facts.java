package io.taskstorage.e2e.node;

import io.taskstorage.e2e.node.World.ContainerSpec;
import io.taskstorage.e2e.node.World.PodSpec;
import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.ContainerKind;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PodFacts;
import java.util.Map;
import java.util.TreeMap;

/** What policies can ask of a world. */
final class Facts {

  private Facts() {}

  static NodeFacts node(World world) {
    return new NodeFacts(world.node().name(), world.node().labels());
  }

  static Map<String, NamespaceFacts> namespaces(World world) {
    Map<String, NamespaceFacts> namespaces = new TreeMap<>();
    world
        .namespaces()
        .forEach((name, labels) -> namespaces.put(name, new NamespaceFacts(name, labels)));
    return namespaces;
  }

  static PodFacts pod(World world, PodSpec pod) {
    return new PodFacts(
        pod.namespace(),
        pod.name(),
        pod.uid(),
        pod.labels(),
        pod.annotations(),
        pod.serviceAccount(),
        pod.node(),
        new NamespaceFacts(
            pod.namespace(), world.namespaces().getOrDefault(pod.namespace(), Map.of())),
        pod.containers().stream().map(Facts::container).toList());
  }

  static ContainerFacts container(ContainerSpec container) {
    ContainerKind kind =
        switch (container.where()) {
          case "initContainers" ->
              container.isSidecar() ? ContainerKind.SIDECAR : ContainerKind.INIT;
          case "ephemeralContainers" -> ContainerKind.EPHEMERAL;
          default -> ContainerKind.REGULAR;
        };
    return new ContainerFacts(container.name(), container.image(), kind);
  }
}
