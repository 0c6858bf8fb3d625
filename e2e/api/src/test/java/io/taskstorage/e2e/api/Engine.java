package io.taskstorage.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.Manifest;
import io.taskstorage.api.v1alpha1.Manifests;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.policy.Acceptance;
import io.taskstorage.policy.AcceptanceInput;
import io.taskstorage.policy.AcceptedSet;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.Verdict;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How the command line and the agent judge a manifest: strict reader, then policy engine. */
final class Engine {

  /** Reasons that speak of other objects than the one that is judged. */
  private static final List<Reason> OF_OTHERS =
      List.of(Reason.TARGET_NOT_FOUND, Reason.NOT_ALLOWED_BY_TARGET, Reason.BPF_NAME_CONFLICT);

  private static final TaskStorageMap MAP = map();

  private Engine() {}

  /** The problems, each with the path that it begins with; empty if the object is accepted. */
  static List<String> problems(JsonNode document) {
    return switch (Manifests.parse(document)) {
      case Manifest.Broken(String _, var _, var problems) ->
          problems.stream().map(Object::toString).toList();
      case Manifest.Foreign foreign -> throw new AssertionError(foreign.toString());
      case Manifest.OfMap(TaskStorageMap map) ->
          problems(judged(List.of(map), List.of(), List.of()).maps().values());
      case Manifest.OfClusterPolicy(ClusterTaskStoragePolicy policy) ->
          problems(judged(List.of(MAP), List.of(policy), List.of()).policies().values());
      case Manifest.OfPolicy(TaskStoragePolicy policy) ->
          problems(judged(List.of(MAP), List.of(), List.of(policy)).policies().values());
    };
  }

  private static List<String> problems(Collection<? extends Verdict<?>> verdicts) {
    return verdicts.stream()
        .flatMap(
            verdict ->
                switch (verdict) {
                  case Verdict.Accepted<?> _ -> Stream.<String>empty();
                  case Verdict.Refused<?>(Reason reason, var problems) ->
                      OF_OTHERS.contains(reason)
                          ? Stream.<String>empty()
                          : problems.stream().map(Object::toString);
                })
        .toList();
  }

  private static AcceptedSet judged(
      List<TaskStorageMap> maps,
      List<ClusterTaskStoragePolicy> clusterPolicies,
      List<TaskStoragePolicy> policies) {
    return Acceptance.of(
        new AcceptanceInput(
            maps,
            clusterPolicies,
            policies,
            Map.of("default", new NamespaceFacts("default", Map.of())),
            Map.of()));
  }

  private static TaskStorageMap map() {
    JsonNode document =
        Corpus.changed(
            "map",
            "{spec: {allowedPolicies: {namespaces: {from: All}, fields: [tenant_id, qos, app]}}}");
    return switch (Manifests.parse(document)) {
      case Manifest.OfMap(TaskStorageMap map) -> map;
      case Manifest other -> throw new AssertionError(other.toString());
    };
  }
}
