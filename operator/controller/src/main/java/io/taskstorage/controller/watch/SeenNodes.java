package io.taskstorage.controller.watch;

import java.util.List;
import java.util.Optional;

/** Nodes, their agents and the states that belong to them, as they were last seen. */
public interface SeenNodes {

  /** The names of all Nodes. */
  List<String> nodeNames();

  /** The Node of this name. */
  Optional<SeenNode> node(String name);

  /** The state of the node of this name. */
  Optional<SeenNodeState> state(String name);

  /** Whether an agent's pod on the node of this name is Ready. */
  boolean hasReadyAgent(String name);
}
