package io.taskstorage.policy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides which objects are in force.
 *
 * <p>Refuses whatever the schema of the custom resource definitions refuses, so that a folder of
 * files is judged as a cluster would, and then what a schema cannot see: a policy against its map,
 * and one map against another.
 */
public final class Acceptance {

  private Acceptance() {}

  /**
   * Judges all objects together.
   *
   * <p>Of several maps with one bpfName exactly one keeps it. Of those that an API server has dated
   * it is the older, then the first by name; being refused here takes nothing away from it. They go
   * before those without a date, which are yet to be created or come from files: of these it is the
   * map that has the name on this node and still asks for it, even if it is refused for another
   * reason; else, among those that are otherwise valid, the first by name.
   *
   * <p>A namespaced policy attaches as a whole or not at all: its namespace and every field that it
   * sets must be allowed by its map.
   *
   * @throws IllegalArgumentException if an object has no name, a namespaced one no namespace, or
   *     two of a kind have the same
   */
  public static AcceptedSet of(AcceptanceInput input) {
    requireNames(input.maps(), false);
    requireNames(input.clusterPolicies(), false);
    requireNames(input.policies(), true);
    SortedMap<String, Verdict<AcceptedMap>> maps = new TreeMap<>();
    for (TaskStorageMap map : input.maps()) {
      maps.put(map.getMetadata().getName(), MapAcceptance.judge(map));
    }
    BpfNames.resolve(input.maps(), maps, input.bpfNamesInForce());
    return new AcceptedSet(maps, policies(input, maps));
  }

  private static SortedMap<PolicyKey, Verdict<AcceptedPolicy>> policies(
      AcceptanceInput input, Map<String, Verdict<AcceptedMap>> maps) {
    SortedMap<PolicyKey, Verdict<AcceptedPolicy>> judged = new TreeMap<>();
    for (ClusterTaskStoragePolicy policy : input.clusterPolicies()) {
      judged.put(
          PolicyKey.cluster(policy.getMetadata().getName()), PolicyAcceptance.judge(policy, maps));
    }
    for (TaskStoragePolicy policy : input.policies()) {
      judged.put(
          new PolicyKey(policy.getMetadata().getNamespace(), policy.getMetadata().getName()),
          PolicyAcceptance.judge(policy, maps, input.namespaces()));
    }
    return judged;
  }

  private static void requireNames(List<? extends HasMetadata> objects, boolean namespaced) {
    Set<List<String>> names = new HashSet<>();
    for (HasMetadata object : objects) {
      String name = object.getMetadata() == null ? null : object.getMetadata().getName();
      String namespace = namespaced && name != null ? object.getMetadata().getNamespace() : "";
      if (name == null) {
        throw refused(object, "null", "no name");
      }
      if (namespace == null || (namespaced && namespace.isEmpty())) {
        throw refused(object, name, "no namespace");
      }
      if (!names.add(List.of(namespace, name))) {
        throw refused(object, namespaced ? namespace + "/" + name : name, "given twice");
      }
    }
  }

  private static IllegalArgumentException refused(HasMetadata object, String name, String why) {
    return new IllegalArgumentException(
        "judge %s %s: %s: pass each object once, by its name"
            .formatted(object.getKind(), name, why));
  }
}
