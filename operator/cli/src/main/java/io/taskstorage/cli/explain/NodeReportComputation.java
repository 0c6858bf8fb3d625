package io.taskstorage.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.v1alpha1.NodeAgent;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.api.v1alpha1.PolicyToken;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.cli.explain.NodeReport.MapThere;
import io.taskstorage.cli.explain.NodeReport.PolicyThere;
import io.taskstorage.cli.input.ManifestSet;
import io.taskstorage.cli.preview.Preview;
import io.taskstorage.policy.Explanation;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.ResolvedValue;
import io.taskstorage.policy.Succession;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks up in a node state what concerns a pod. Pure. */
public final class NodeReportComputation {
  private final ManifestSet objects;
  private final Optional<NodeStateStatus> state;

  private NodeReportComputation(ManifestSet objects, Optional<NodeStateStatus> state) {
    this.objects = objects;
    this.state = state;
  }

  /**
   * The report.
   *
   * @param carried what the pod's tasks should carry
   * @param objects the maps and policies, as they were read
   * @param state what the node's agent reports; empty if it has not
   */
  public static NodeReport of(
      String node, Preview carried, ManifestSet objects, Optional<NodeStateStatus> state) {
    NodeReportComputation computation = new NodeReportComputation(objects, state);
    return new NodeReport(
        node,
        state.map(NodeStateStatus::agent).map(NodeAgent::version).orElse(null),
        policiesByMap(carried).entrySet().stream()
            .map(map -> computation.map(map.getKey(), map.getValue()))
            .toList());
  }

  private static SortedMap<String, SortedSet<PolicyKey>> policiesByMap(Preview carried) {
    SortedMap<String, SortedSet<PolicyKey>> byMap = new TreeMap<>();
    for (Preview.Carrier carrier : carried.carriers()) {
      for (Map.Entry<String, ResolvedValue> value : carrier.values().entrySet()) {
        SortedSet<PolicyKey> policies = byMap.computeIfAbsent(value.getKey(), _ -> new TreeSet<>());
        for (Explanation explanation : value.getValue().explanations()) {
          explanation.winner().ifPresent(winner -> policies.add(winner.policy()));
          explanation.losers().forEach(loser -> policies.add(loser.candidate().policy()));
        }
      }
    }
    return byMap;
  }

  private MapThere map(String name, SortedSet<PolicyKey> policies) {
    String uid = metadata(Succession.key(name)).path("uid").asText();
    Optional<NodeMap> there =
        state
            .map(NodeStateStatus::maps)
            .flatMap(maps -> maps.stream().filter(map -> uid.equals(map.uid())).findFirst());
    Optional<Reason> reason = there.map(NodeMap::reason).flatMap(Reason::ofWire);
    return new MapThere(
        name,
        there.map(NodeMap::state).orElse(null),
        there.map(NodeMap::reason).orElse(null),
        reason.map(Reason::sentence).orElse(null),
        reason.map(Reason::mend).orElse(null),
        policies.stream().map(policy -> policy(policy, there)).toList());
  }

  private PolicyThere policy(PolicyKey key, Optional<NodeMap> there) {
    JsonNode metadata = metadata(Succession.key(key));
    Optional<PolicyToken> token =
        there.flatMap(map -> PolicyToken.of(map, metadata.path("uid").asText()));
    return new PolicyThere(
        key.isCluster() ? null : key.namespace(),
        key.name(),
        metadata.path("generation").asLong(),
        token.map(PolicyToken::generation).orElse(null));
  }

  private JsonNode metadata(ObjectKey key) {
    Origin origin = Objects.requireNonNull(objects.objects().get(key), key::toString);
    return origin.document().json().path("metadata");
  }
}
