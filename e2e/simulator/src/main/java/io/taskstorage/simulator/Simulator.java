package io.taskstorage.simulator;

import io.taskstorage.agent.cluster.ApiAccess;
import io.taskstorage.agent.cluster.ApiConnection;
import io.taskstorage.agent.cluster.ApiObserver;
import io.taskstorage.agent.cluster.NodeStateWriter;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.taskstore.CgroupSnapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The nodes of a cluster, up to thousands in this process, with an agent each. The cluster must not
 * take silent Nodes for dead: their hearts beat when {@link #beat} is called, and not otherwise.
 *
 * <p>{@link #close} ends agents and removes the pods and Nodes that it made. Any thread may call.
 */
public final class Simulator implements AutoCloseable {
  private static final CgroupSnapshot NO_CGROUPS = new CgroupSnapshot(List.of(), List.of());
  private static final Map<String, String> AGENT_LABELS =
      Map.of(
          "app.kubernetes.io/name", "task-storage-operator",
          "app.kubernetes.io/component", "agent");
  private static final long GATHER_MILLIS = 20;
  private static final int AT_ONCE = 32;

  /**
   * How it plays.
   *
   * @param namespace that of the agents' pods; it exists
   * @param reportDelay a changed state is written after a random time up to this
   * @param clock that of the agents
   */
  public record Options(String namespace, Duration reportDelay, InstantSource clock) {}

  private final Options options;
  private final ClusterObjects objects;
  private final ApiConnection connection;
  private final ApiObserver observer;
  private final Map<String, SimulatedNode> nodes = new ConcurrentHashMap<>();
  private final Set<String> unready = ConcurrentHashMap.newKeySet();
  private final ReportCounts counts = new ReportCounts();
  private final Semaphore news = new Semaphore(0);
  private final ExecutorService turning =
      Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().name("turn-", 0).factory());
  private final ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread observing = Thread.ofPlatform().name("simulator").unstarted(this::observe);
  private volatile NodeTurns turns = new NodeTurns(ApiState.UNKNOWN);
  private volatile boolean isKnown;

  private Simulator(ApiAccess access, Options options) {
    this.options = options;
    this.objects = new ClusterObjects(access);
    this.connection = new ApiConnection(access, "simulated");
    this.observer =
        ApiObserver.of(connection, "no-node-of-this-name", Optional.empty(), news::release, counts);
  }

  /** Starts without nodes. The definitions of our kinds are established. */
  public static Simulator start(ApiAccess access, Options options) {
    Simulator simulator = new Simulator(access, options);
    simulator.observing.start();
    return simulator;
  }

  /** A new Node with an agent that is Ready. */
  public SimulatedNode addNode(String name, Map<String, String> labels) {
    objects.createNode(name, labels);
    SimulatedNode node = new SimulatedNode(this, name, labels);
    objects.createPod(name, options.namespace(), node.agentPod(), AGENT_LABELS);
    nodes.put(name, node);
    node.startAgent();
    return node;
  }

  /**
   * A Node goes, with its pods, its agent and, once the cluster's own collector runs, its state.
   */
  public void removeNode(String name) {
    SimulatedNode node = nodes.remove(name);
    if (node == null) {
      throw new IllegalArgumentException("remove node " + name + ": not simulated: add it first");
    }
    node.end();
    for (String pod : node.pods()) {
      objects.deletePod(pod.substring(0, pod.indexOf('/')), pod.substring(pod.indexOf('/') + 1));
    }
    objects.deletePod(options.namespace(), node.agentPod());
    objects.deleteNode(name);
    unready.remove(name);
  }

  /** A node that is there. */
  public SimulatedNode node(String name) {
    SimulatedNode node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException("find node " + name + ": not simulated: add it first");
    }
    return node;
  }

  /** All nodes. */
  public List<SimulatedNode> nodes() {
    return List.copyOf(nodes.values());
  }

  /** How many reports were written so far. */
  public long reports() {
    return counts.written();
  }

  /** How often a report could not be written, and was tried again later. */
  public long failures() {
    return counts.failed();
  }

  /** When the last report was written, as {@link System#nanoTime} tells the time. */
  public long lastReportNanos() {
    return counts.lastNanos();
  }

  /** Does something to each of many, some of them at once, and waits for all. */
  public <T> void forEach(List<T> many, Consumer<T> action) {
    Semaphore free = new Semaphore(AT_ONCE);
    List<Future<?>> running = new ArrayList<>();
    for (T each : many) {
      running.add(
          asking.submit(
              () -> {
                free.acquireUninterruptibly();
                try {
                  action.accept(each);
                } finally {
                  free.release();
                }
              }));
    }
    for (Future<?> future : running) {
      try {
        future.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("simulate: " + e.getCause(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Every Node tells once that it is as Ready as before, as a kubelet does every few minutes. */
  public void beat() {
    forEach(nodes(), node -> objects.setNodeReady(node.name(), !unready.contains(node.name())));
  }

  /** The objects that it makes, for tests that make others. */
  public ClusterObjects objects() {
    return objects;
  }

  String namespace() {
    return options.namespace();
  }

  NodeStateWriter newWriter(String node) {
    return NodeStateWriter.start(
        connection,
        node,
        options.reportDelay(),
        counts,
        options.clock(),
        Thread.ofVirtual().name("agent-" + node));
  }

  void setReady(SimulatedNode node, boolean ready) {
    if (ready) {
      unready.remove(node.name());
    } else {
      unready.add(node.name());
    }
    objects.setNodeReady(node.name(), ready);
  }

  /** Something has changed for a node: it turns soon. */
  void wake(SimulatedNode node) {
    if (isKnown && !turning.isShutdown() && node.takeTurn()) {
      var _ = turning.submit(() -> node.turn(() -> turns));
    }
  }

  private void observe() {
    try {
      while (true) {
        if (news.tryAcquire(1, TimeUnit.SECONDS)) {
          Thread.sleep(GATHER_MILLIS);
          news.drainPermits();
        }
        ApiState now = observer.observe(NO_CGROUPS);
        if (now.complete() && !turns.isOf(now)) {
          turns = new NodeTurns(now);
          isKnown = true;
          nodes.values().forEach(this::wake);
        }
      }
    } catch (InterruptedException e) {
      // The end.
    }
  }

  /** Ends like {@link #close}, and leaves the objects: their server ends, too. */
  public void abandon() {
    observing.interrupt();
    forEach(nodes(), SimulatedNode::end);
    end();
  }

  @Override
  public void close() {
    observing.interrupt();
    forEach(nodes(), node -> removeNode(node.name()));
    end();
  }

  private void end() {
    turning.shutdownNow();
    asking.shutdownNow();
    observer.close();
    connection.close();
    objects.close();
    try {
      observing.join();
      turning.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
