package io.taskstorage.oracle;

import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.util.List;
import java.util.Map;

/**
 * Objects as they are sent, and pods as plain as possible.
 *
 * @param namespaces labels by name
 */
public record World(
    List<TaskStorageMap> maps,
    List<ClusterTaskStoragePolicy> clusterPolicies,
    List<TaskStoragePolicy> policies,
    Map<String, Map<String, String>> namespaces,
    List<PlainPod> pods) {

  /** The labels of the one node. */
  public static final Map<String, String> NODE_LABELS = Map.of("role", "db");

  /** The name of the one node. */
  public static final String NODE_NAME = "n1";

  /** A pod. */
  public record PlainPod(
      String namespace,
      String name,
      String uid,
      Map<String, String> labels,
      Map<String, String> annotations,
      String serviceAccount,
      List<String> containers) {}
}
