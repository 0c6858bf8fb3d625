package io.taskstorage.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
