package io.taskstorage.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.cli.live.ApiConnection.Answer;
import io.taskstorage.console.CommandFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An agent's pod.
 *
 * @param node the node that it is on
 * @param ready its condition Ready is true
 */
public record AgentPod(String namespace, String name, String node, boolean ready) {
  private static final String LABELS =
      "labelSelector=app.kubernetes.io%2Fname%3Dtask-storage-operator"
          + "%2Capp.kubernetes.io%2Fcomponent%3Dagent";

  /** The list of all of them. */
  static String path(String namespace) {
    return ApiConnection.podsOf(namespace) + "?" + LABELS;
  }

  static AgentPod of(JsonNode pod) {
    return new AgentPod(
        pod.at("/metadata/namespace").asText(),
        pod.at("/metadata/name").asText(),
        pod.at("/spec/nodeName").asText(),
        isReady(pod));
  }

  /** True if the object's condition Ready is. */
  static boolean isReady(JsonNode object) {
    for (JsonNode condition : object.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  /**
   * The one of a node; of several, as while they are replaced, a ready one.
   *
   * @throws CommandFailure if there is none, or the account may not list pods
   */
  public static AgentPod on(ApiConnection api, String systemNamespace, String node) {
    List<AgentPod> there = new ArrayList<>();
    Answer answer =
        api.list(
            path(systemNamespace) + "&fieldSelector=spec.nodeName%3D" + ApiConnection.segment(node),
            pod -> there.add(of(pod)));
    if (answer instanceof Answer.Forbidden(CommandFailure failure)) {
      throw failure;
    }
    return there.stream()
        .min(Comparator.comparing(AgentPod::ready).reversed().thenComparing(AgentPod::name))
        .orElseThrow(
            () ->
                new CommandFailure(
                    "find the agent of node %s in namespace %s: no such pod: see kubectl get nodes,"
                            .formatted(node, systemNamespace)
                        + " or name another way to the node by --via"));
  }
}
