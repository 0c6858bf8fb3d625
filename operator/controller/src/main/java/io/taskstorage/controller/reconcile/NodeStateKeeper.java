package io.taskstorage.controller.reconcile;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.TaskStorageNodeState;
import io.taskstorage.controller.watch.SeenNode;
import io.taskstorage.controller.watch.SeenNodeState;
import io.taskstorage.controller.watch.SeenNodes;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that each Node has a node state that it owns. The state of a Node that is gone is left
 * to the garbage collector; one that belongs to an earlier Node of the same name is replaced.
 */
final class NodeStateKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeStateKeeper.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PATH = "/apis/" + ApiGroup.API_VERSION + "/taskstoragenodestates";
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private final KubernetesClient client;
  private final SeenNodes known;
  private final ControllerMetrics metrics;
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("node-states").factory());

  private volatile boolean started;

  NodeStateKeeper(KubernetesClient client, SeenNodes known, ControllerMetrics metrics) {
    this.client = client;
    this.known = known;
    this.metrics = metrics;
  }

  /** From now on, and once for all Nodes that there are. All kinds have been listed. */
  void start() {
    started = true;
    known.nodeNames().forEach(this::look);
  }

  /** Looks at the Node of this name soon; does nothing before the start. */
  void look(String name) {
    if (started && waiting.add(name)) {
      schedule(name, Duration.ZERO, FIRST_RETRY);
    }
  }

  @Override
  public void close() {
    started = false;
    thread.shutdownNow();
  }

  private void schedule(String name, Duration delay, Duration nextRetry) {
    if (!thread.isShutdown()) {
      var _ = thread.schedule(() -> run(name, nextRetry), delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void run(String name, Duration nextRetry) {
    waiting.remove(name);
    try {
      bringInLine(name);
    } catch (RuntimeException e) {
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("node", name)
          .log("node state could not be brought in line");
      if (waiting.add(name)) {
        Duration doubled = nextRetry.multipliedBy(2);
        schedule(name, nextRetry, doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled);
      }
    }
  }

  private void bringInLine(String name) {
    Optional<SeenNode> node = known.node(name);
    Optional<SeenNodeState> state = known.state(name);
    if (node.isEmpty() || state.map(SeenNodeState::ownerUid).equals(node.map(SeenNode::uid))) {
      return;
    }
    if (state.isPresent()) {
      // The state of an earlier Node says nothing of this one.
      delete(state.get());
    }
    create(node.get());
  }

  private void create(SeenNode node) {
    ObjectNode body = JSON.createObjectNode();
    body.put("apiVersion", ApiGroup.API_VERSION).put("kind", TaskStorageNodeState.KIND);
    body.putObject("metadata")
        .put("name", node.name())
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "v1")
        .put("kind", "Node")
        .put("name", node.name())
        .put("uid", node.uid());
    try {
      client.raw(PATH + "?fieldManager=" + StatusWriter.MANAGER, "POST", body);
      metrics.nodeState("created");
    } catch (KubernetesClientException e) {
      // The one that is there will be seen, or is about to go; its event calls again.
      if (e.getCode() != CONFLICT) {
        throw e;
      }
    }
  }

  private void delete(SeenNodeState state) {
    ObjectNode options = JSON.createObjectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options.putObject("preconditions").put("uid", state.uid());
    try {
      client.raw(PATH + "/" + state.name(), "DELETE", options);
      metrics.nodeState("deleted");
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT && e.getCode() != NOT_FOUND) {
        throw e;
      }
    }
  }
}
