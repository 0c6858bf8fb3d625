package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.util.List;
import java.util.Map;

/**
 * Everything that acceptance depends on.
 *
 * @param maps each name once; {@code metadata.creationTimestamp} is what an API server wrote, or
 *     null where there is none
 * @param clusterPolicies each name once
 * @param policies each namespace and name once
 * @param namespaces the namespaces that are known, by name; a policy of another one attaches only
 *     to a map that takes all namespaces
 * @param bpfNamesInForce for each map that is on this node now, the bpfName that it has there;
 *     counts only for maps without a creation time
 */
public record AcceptanceInput(
    List<TaskStorageMap> maps,
    List<ClusterTaskStoragePolicy> clusterPolicies,
    List<TaskStoragePolicy> policies,
    Map<String, NamespaceFacts> namespaces,
    Map<String, String> bpfNamesInForce) {

  /** Copies what it is given. */
  public AcceptanceInput {
    maps = List.copyOf(maps);
    clusterPolicies = List.copyOf(clusterPolicies);
    policies = List.copyOf(policies);
    namespaces = Map.copyOf(namespaces);
    bpfNamesInForce = Map.copyOf(bpfNamesInForce);
  }

  /** Maps alone, on a node that has none. */
  public static AcceptanceInput ofMaps(List<TaskStorageMap> maps) {
    return new AcceptanceInput(maps, List.of(), List.of(), Map.of(), Map.of());
  }
}
