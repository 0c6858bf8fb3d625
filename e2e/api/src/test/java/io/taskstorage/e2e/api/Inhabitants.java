package io.taskstorage.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.api.v1alpha1.PolicyToken;
import io.taskstorage.testkit.cluster.ApiServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Objects of a cluster that a test makes by server-side apply, and takes away when it is closed.
 * Without controllers no namespace can be deleted: it stays, without the labels that it was given.
 */
final class Inhabitants implements AutoCloseable {
  /** What others stand in comes first. */
  private static final Set<String> FIRST = Set.of("Namespace", "Node");

  private final ApiServer kubernetes;
  private final List<JsonNode> applied = new ArrayList<>();

  Inhabitants(ApiServer kubernetes) {
    this.kubernetes = kubernetes;
  }

  /** Applies all objects, and fails with what kubectl said if one is refused. */
  void apply(List<JsonNode> objects) {
    applied.addAll(objects);
    send(objects.stream().filter(object -> FIRST.contains(kind(object))).toList());
    send(objects.stream().filter(object -> !FIRST.contains(kind(object))).toList());
  }

  /**
   * The same, and their statuses too, as the controller, the agents and the kubelets would write
   * them. In statuses {@code uid-of-NAME} stands for the uid of our object of this name, and {@code
   * token-of-NAME} for the part of it that stands in node states.
   */
  void applyWithStatus(List<JsonNode> objects, Server server) {
    apply(objects.stream().map(Inhabitants::withoutStatus).toList());
    List<JsonNode> withStatus = objects.stream().filter(each -> each.has("status")).toList();
    if (withStatus.isEmpty()) {
      return;
    }
    String text = String.join("---\n", withStatus.stream().map(Corpus::yaml).toList());
    for (JsonNode object : objects) {
      if (object.path("apiVersion").asText().startsWith("taskstorage.io/")) {
        String name = object.at("/metadata/name").asText();
        String uid = server.get(object).taken().at("/metadata/uid").asText();
        text = text.replace("uid-of-" + name + "\n", uid + "\n");
        text = text.replace("token-of-" + name + ":", PolicyToken.prefixOf(uid) + ":");
      }
    }
    kubernetes
        .kubectlWithInput(
            text, "apply", "--server-side", "--subresource=status", "--force-conflicts", "-f", "-")
        .stdoutIfDone();
  }

  private static JsonNode withoutStatus(JsonNode object) {
    ObjectNode bare = object.deepCopy();
    bare.remove("status");
    return bare;
  }

  @Override
  public void close() {
    List<String> names = new ArrayList<>();
    List<JsonNode> namespaces = new ArrayList<>();
    for (JsonNode object : applied) {
      if (kind(object).equals("Namespace")) {
        ObjectNode bare = object.deepCopy();
        ((ObjectNode) bare.path("metadata")).remove("labels");
        namespaces.add(bare);
      } else {
        names.add(Corpus.yaml(object));
      }
    }
    if (!names.isEmpty()) {
      // Nobody stops a pod here: it goes at once or never.
      kubernetes
          .kubectlWithInput(
              String.join("---\n", names),
              "delete",
              "--ignore-not-found",
              "--force",
              "--grace-period=0",
              "-f",
              "-")
          .stdoutIfDone();
    }
    send(namespaces);
  }

  private void send(List<JsonNode> objects) {
    if (!objects.isEmpty()) {
      String text = String.join("---\n", objects.stream().map(Corpus::yaml).toList());
      kubernetes.kubectlWithInput(text, "apply", "--server-side", "-f", "-").stdoutIfDone();
    }
  }

  private static String kind(JsonNode object) {
    return object.path("kind").asText();
  }
}
