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
import java.util.Optional;

/**
 * Sees to it that each Node has a node state that it owns. The state of a Node that is gone is left
 * to the garbage collector; one that belongs to an earlier Node of the same name is replaced.
 */
final class NodeStateKeeper implements NodeLooks.Duty {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String PATH = "/apis/" + ApiGroup.API_VERSION + "/taskstoragenodestates";
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private final KubernetesClient client;
  private final SeenNodes known;
  private final ControllerMetrics metrics;

  NodeStateKeeper(KubernetesClient client, SeenNodes known, ControllerMetrics metrics) {
    this.client = client;
    this.known = known;
    this.metrics = metrics;
  }

  @Override
  public boolean isDue(String name) {
    return isDue(known.node(name), known.state(name));
  }

  private static boolean isDue(Optional<SeenNode> node, Optional<SeenNodeState> state) {
    return node.isPresent() && !state.map(SeenNodeState::ownerUid).equals(node.map(SeenNode::uid));
  }

  @Override
  public boolean bringInLine(String name) {
    Optional<SeenNode> node = known.node(name);
    Optional<SeenNodeState> state = known.state(name);
    if (isDue(node, state)) {
      // The state of an earlier Node says nothing of this one.
      state.ifPresent(this::delete);
      node.ifPresent(this::create);
    }
    return true;
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
