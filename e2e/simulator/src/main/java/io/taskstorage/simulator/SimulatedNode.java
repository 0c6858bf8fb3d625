package io.taskstorage.simulator;

import io.taskstorage.agent.cluster.NodeStateWriter;
import io.taskstorage.policy.NodeFacts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Node, the pods on it, and its agent with the faults that it may have. Made by {@link
 * Simulator#addNode}; any thread may call, and each call is about API objects first and the agent
 * then, as in life.
 */
public final class SimulatedNode {
  private final Simulator simulator;
  private final String name;
  private final SortedMap<String, NodeTurns.Pod> pods = new TreeMap<>();
  private final Map<String, String> labels = new HashMap<>();
  private final Set<String> refused = new HashSet<>();
  private final AtomicBoolean queued = new AtomicBoolean();
  private NodeTurns.Memory memory = NodeTurns.Memory.NONE;
  private @Nullable NodeStateWriter writer;
  private boolean isMute;

  SimulatedNode(Simulator simulator, String name, Map<String, String> labels) {
    this.simulator = simulator;
    this.name = name;
    this.labels.putAll(labels);
  }

  /** The Node's name. */
  public String name() {
    return name;
  }

  /** The agent's pod. */
  public String agentPod() {
    return "agent-" + name;
  }

  /** A pod comes onto the node. */
  public void addPod(String namespace, String pod, Map<String, String> podLabels) {
    String uid = simulator.objects().createPod(name, namespace, pod, podLabels);
    synchronized (this) {
      pods.put(namespace + "/" + pod, new NodeTurns.Pod(namespace, pod, uid, podLabels));
    }
    simulator.wake(this);
  }

  /** A pod goes. */
  public void removePod(String namespace, String pod) {
    simulator.objects().deletePod(namespace, pod);
    synchronized (this) {
      pods.remove(namespace + "/" + pod);
    }
    simulator.wake(this);
  }

  /** The pods on it but the agent's, as {@code namespace/name}. */
  public synchronized List<String> pods() {
    return List.copyOf(pods.keySet());
  }

  /** Gives the Node labels, in addition or in place of those with the same key. */
  public void label(Map<String, String> more) {
    simulator.objects().labelNode(name, more);
    synchronized (this) {
      labels.putAll(more);
    }
    simulator.wake(this);
  }

  /** The Node's condition Ready changes; the agent goes on. */
  public void setReady(boolean ready) {
    simulator.setReady(this, ready);
  }

  /** The agent starts: it knows nothing but what the API server tells. */
  public void startAgent() {
    synchronized (this) {
      if (writer == null) {
        writer = simulator.newWriter(name);
        memory = NodeTurns.Memory.NONE;
      }
    }
    simulator.wake(this);
    simulator.objects().setPodReady(simulator.namespace(), agentPod(), true);
  }

  /** The agent ends; what it reported stays. */
  public void stopAgent() {
    simulator.objects().setPodReady(simulator.namespace(), agentPod(), false);
    end();
  }

  /** The agent stays Ready, and is late: it tells nothing until it is told to go on. */
  public synchronized void mute() {
    isMute = true;
  }

  /** A late agent goes on. */
  public void unmute() {
    synchronized (this) {
      isMute = false;
    }
    simulator.wake(this);
  }

  /** From now on the node's kernel refuses a map: its agent reports {@code ForeignPin}. */
  public void refuse(String map) {
    synchronized (this) {
      refused.add(map);
    }
    simulator.wake(this);
  }

  /** It refuses no map any more. */
  public void mend() {
    synchronized (this) {
      refused.clear();
    }
    simulator.wake(this);
  }

  /** True if no turn of it is waiting. */
  boolean takeTurn() {
    return queued.compareAndSet(false, true);
  }

  /** Takes a turn, unless the agent is not there or late. */
  synchronized void turn(Supplier<NodeTurns> turns) {
    // Before anything is read: what changes from here on is worth another turn.
    queued.set(false);
    NodeStateWriter now = writer;
    if (now == null || isMute) {
      return;
    }
    NodeTurns.Result result =
        turns
            .get()
            .take(
                new NodeFacts(name, labels),
                List.copyOf(pods.values()),
                Set.copyOf(refused),
                memory);
    memory = result.memory();
    now.tell(result.status());
  }

  /** The process of the agent is gone. */
  void end() {
    NodeStateWriter ended;
    synchronized (this) {
      ended = writer;
      writer = null;
    }
    if (ended != null) {
      ended.close();
    }
  }
}
