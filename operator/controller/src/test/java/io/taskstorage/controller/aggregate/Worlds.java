package io.taskstorage.controller.aggregate;

import io.taskstorage.controller.world.PlainNode;
import io.taskstorage.controller.world.World;
import io.taskstorage.policy.NamespaceFacts;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plain worlds as the functions under test take them. */
final class Worlds {

  private Worlds() {}

  static Judgement judge(World world) {
    Map<String, NamespaceFacts> namespaces = new HashMap<>();
    world
        .namespaces()
        .forEach((name, labels) -> namespaces.put(name, new NamespaceFacts(name, labels)));
    return Judgement.of(
        new ObjectSet(world.maps(), world.clusterPolicies(), world.policies(), namespaces));
  }

  static Fleet fleet(World world) {
    Map<String, Set<String>> nodesByNamespace = new HashMap<>();
    for (PlainNode node : world.nodes()) {
      for (String namespace : node.namespaces()) {
        nodesByNamespace.computeIfAbsent(namespace, _ -> new HashSet<>()).add(node.name());
      }
    }
    return new Fleet(
        world.nodes().stream()
            .sorted(Comparator.comparing(PlainNode::name))
            .map(
                node ->
                    new NodeView(
                        node.name(),
                        node.labels(),
                        node.ready(),
                        node.agentReady(),
                        Optional.ofNullable(node.state()).map(NodeReport::of)))
            .toList(),
        nodesByNamespace);
  }
}
