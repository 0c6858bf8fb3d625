package io.taskstorage.controller.aggregate;

import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.policy.NamespaceFacts;
import java.util.List;
import java.util.Map;

/**
 * The objects of a cluster at one moment. One that is {@link Unreadable} has no spec.
 *
 * @param maps each once
 * @param clusterPolicies each once
 * @param policies each once
 * @param namespaces by name
 */
public record ObjectSet(
    List<TaskStorageMap> maps,
    List<ClusterTaskStoragePolicy> clusterPolicies,
    List<TaskStoragePolicy> policies,
    Map<String, NamespaceFacts> namespaces) {

  /** Copies all. */
  public ObjectSet {
    maps = List.copyOf(maps);
    clusterPolicies = List.copyOf(clusterPolicies);
    policies = List.copyOf(policies);
    namespaces = Map.copyOf(namespaces);
  }
}
