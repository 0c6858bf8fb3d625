package io.taskstorage.controller.reconcile;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.taskstorage.controller.watch.SeenNode;
import io.taskstorage.controller.watch.SeenNodeState;
import io.taskstorage.controller.watch.SeenNodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Nodes as a test says that they were seen. */
final class KnownNodes implements SeenNodes {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  final Map<String, SeenNode> nodes = new ConcurrentHashMap<>();
  final Map<String, SeenNodeState> states = new ConcurrentHashMap<>();
  final Set<String> agents = ConcurrentHashMap.newKeySet();

  @Override
  public List<String> nodeNames() {
    return List.copyOf(nodes.keySet());
  }

  @Override
  public Optional<SeenNode> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  @Override
  public Optional<SeenNodeState> state(String name) {
    return Optional.ofNullable(states.get(name));
  }

  @Override
  public boolean hasReadyAgent(String name) {
    return agents.contains(name);
  }

  /** A Ready Node, as JSON tells of its version, its boot and its taints. */
  static SeenNode node(String name, String version, String bootId, String taints) {
    return read(
        """
        {"metadata": {"name": "%s", "uid": "u1", "resourceVersion": "%s"},
         "spec": {"podCIDR": "192.0.2.0/24", "taints": %s},
         "status": {"conditions": [{"type": "Ready", "status": "True"}],
           "nodeInfo": {"machineID": "m", "bootID": "%s"}}}
        """
            .formatted(name, version, taints, bootId),
        SeenNode.class);
  }

  /** A state that belongs to this Node, and of which the agent has told from this boot. */
  static SeenNodeState state(String name, String owner, String bootId) {
    return read(
        """
        {"metadata": {"name": "%s", "uid": "s1", "ownerReferences": [{"kind": "Node", "uid": "%s"}]},
         "status": {"agent": {"bootID": "%s"}}}
        """
            .formatted(name, owner, bootId),
        SeenNodeState.class);
  }

  static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
