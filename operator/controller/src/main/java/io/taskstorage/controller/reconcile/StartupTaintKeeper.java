package io.taskstorage.controller.reconcile;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.taskstorage.controller.watch.Requests;
import io.taskstorage.controller.watch.SeenNode;
import io.taskstorage.controller.watch.SeenNodes;
import io.taskstorage.controller.watch.SeenTaint;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the start-up taint from Nodes whose agent has acted there since the node was started. It
 * puts it on none: that is the platform's.
 */
final class StartupTaintKeeper implements NodeLooks.Duty {

  private static final Logger LOG = LoggerFactory.getLogger(StartupTaintKeeper.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PATCH = "application/json-patch+json";
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  /** What the server answers where the patch is not about what is there. */
  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final SeenNodes known;
  private final ControllerMetrics metrics;

  /** What the server said: its code, and which version of the Node there is now. */
  private record Answer(int code, long version) {}

  /** By the Node's name, its version without the taint: what is seen of an older one is past. */
  private final Map<String, Long> taken = new ConcurrentHashMap<>();

  StartupTaintKeeper(KubernetesClient client, SeenNodes known, ControllerMetrics metrics) {
    this.client = client;
    this.known = known;
    this.metrics = metrics;
  }

  @Override
  public boolean isDue(String name) {
    Optional<SeenNode> node = known.node(name);
    if (node.isEmpty()) {
      taken.remove(name);
      return false;
    }
    return !spent(node.get()).isEmpty()
        && version(node.get().getMetadata().getResourceVersion()) >= taken.getOrDefault(name, 0L);
  }

  private List<Integer> spent(SeenNode node) {
    return SpentTaints.of(node, known.state(node.name()), known.hasReadyAgent(node.name()));
  }

  /** Zero for what is no number: nothing is past then, and the patch finds out. */
  private static long version(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  @Override
  public boolean bringInLine(String name) {
    Optional<SeenNode> node = known.node(name);
    List<Integer> spent = node.map(this::spent).orElse(List.of());
    if (node.isEmpty() || spent.isEmpty()) {
      return true;
    }
    Answer answer;
    try {
      answer = patch(name, patch(node.get(), spent));
    } catch (KubernetesClientException e) {
      metrics.startupTaint("failed");
      throw e;
    }
    switch (answer.code()) {
      case NOT_FOUND -> metrics.startupTaint("gone");
      case CONFLICT, UNPROCESSABLE -> {
        metrics.startupTaint("conflict");
        return false;
      }
      default -> {
        taken.put(name, answer.version());
        metrics.startupTaint("taken");
        LOG.atInfo().addKeyValue("node", name).log("start-up taint taken away");
      }
    }
    return true;
  }

  /** Takes these taints away, if it is this Node and each is where it was seen, as it was seen. */
  private static ArrayNode patch(SeenNode node, List<Integer> spent) {
    ArrayNode patch = JSON.createArrayNode();
    patch.addObject().put("op", "test").put("path", "/metadata/uid").put("value", node.uid());
    for (int index : spent) {
      String path = "/spec/taints/" + index;
      patch
          .addObject()
          .put("op", "test")
          .put("path", path)
          .set("value", json(node.taints().get(index)));
      patch.addObject().put("op", "remove").put("path", path);
    }
    return patch;
  }

  private static ObjectNode json(SeenTaint taint) {
    ObjectNode json = JSON.createObjectNode();
    Map.of(
            "key", taint.key(),
            "value", taint.value(),
            "effect", taint.effect(),
            "timeAdded", taint.timeAdded())
        .forEach(
            (name, text) -> {
              if (!text.isEmpty()) {
                json.put(name, text);
              }
            });
    return json;
  }

  /** The answer: one that says that it was done, or one that a caller understands. */
  private Answer patch(String name, ArrayNode patch) {
    String what = "take start-up taint from node " + name;
    HttpResponse<byte[]> answer =
        Requests.send(
            client,
            "/api/v1/nodes/%s?fieldManager=%s".formatted(name, StatusWriter.MANAGER),
            request -> request.patch(PATCH, patch.toString()),
            what);
    int code = answer.code();
    if (!answer.isSuccessful() && code != NOT_FOUND && code != CONFLICT && code != UNPROCESSABLE) {
      throw Requests.refused(answer, what);
    }
    try {
      String version = JSON.readTree(answer.body()).at("/metadata/resourceVersion").asText();
      return new Answer(code, version(version));
    } catch (IOException e) {
      throw new KubernetesClientException(what + ": " + e.getMessage(), e);
    }
  }
}
