package io.taskstorage.controller.world;

import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.util.List;
import java.util.Map;

/** A cluster at one moment, in the API's own types. */
public record World(
    List<TaskStorageMap> maps,
    List<ClusterTaskStoragePolicy> clusterPolicies,
    List<TaskStoragePolicy> policies,
    Map<String, Map<String, String>> namespaces,
    List<PlainNode> nodes) {}
