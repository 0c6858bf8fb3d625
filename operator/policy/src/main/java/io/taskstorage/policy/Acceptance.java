package io.taskstorage.policy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import java.util.HashMap;
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
   * <p>Of several maps with one bpfName exactly one keeps it: the map that has it on this node and
   * still asks for it, even if it is refused for another reason; else, among the maps that are
   * otherwise valid, the first by name.
   *
   * @param maps each name once
   * @param policies each name once
   * @param bpfNamesInForce for each map that is on this node now, the bpfName that it has there
   * @throws IllegalArgumentException if an object has no name, or two of a kind have the same
   */
  public static AcceptedSet of(
      List<TaskStorageMap> maps,
      List<ClusterTaskStoragePolicy> policies,
      Map<String, String> bpfNamesInForce) {
    requireNames(maps);
    requireNames(policies);
    SortedMap<String, Verdict<AcceptedMap>> judgedMaps = new TreeMap<>();
    for (TaskStorageMap map : maps) {
      judgedMaps.put(map.getMetadata().getName(), MapAcceptance.judge(map));
    }
    resolveBpfNames(judgedMaps, bpfNamesInForce);
    SortedMap<PolicyKey, Verdict<AcceptedPolicy>> judgedPolicies = new TreeMap<>();
    for (ClusterTaskStoragePolicy policy : policies) {
      judgedPolicies.put(
          PolicyKey.cluster(policy.getMetadata().getName()),
          PolicyAcceptance.judge(policy, judgedMaps));
    }
    return new AcceptedSet(judgedMaps, judgedPolicies);
  }

  private static void requireNames(List<? extends HasMetadata> objects) {
    Set<String> names = new HashSet<>();
    for (HasMetadata object : objects) {
      String name = object.getMetadata() == null ? null : object.getMetadata().getName();
      if (name == null || !names.add(name)) {
        throw new IllegalArgumentException(
            "judge %s %s: %s: pass each object once, by its name"
                .formatted(object.getKind(), name, name == null ? "no name" : "given twice"));
      }
    }
  }

  private static void resolveBpfNames(
      SortedMap<String, Verdict<AcceptedMap>> maps, Map<String, String> bpfNamesInForce) {
    Map<String, String> keeper = new HashMap<>();
    // A refused map keeps the name that it has here: its tasks and its readers still live by it.
    maps.forEach(
        (name, verdict) -> {
          String inForce = bpfNamesInForce.get(name);
          if (inForce != null && !asksForAnother(verdict, inForce)) {
            keeper.merge(inForce, name, Acceptance::firstByName);
          }
        });
    maps.forEach(
        (name, verdict) -> {
          if (verdict instanceof Verdict.Accepted<AcceptedMap>(AcceptedMap map, var _)) {
            keeper.putIfAbsent(map.bpfName(), name);
          }
        });
    maps.replaceAll(
        (name, verdict) ->
            verdict instanceof Verdict.Accepted<AcceptedMap>(AcceptedMap map, var _)
                    && !name.equals(keeper.get(map.bpfName()))
                ? conflict(map.bpfName(), String.valueOf(keeper.get(map.bpfName())))
                : verdict);
  }

  private static boolean asksForAnother(Verdict<AcceptedMap> verdict, String inForce) {
    return verdict instanceof Verdict.Accepted<AcceptedMap>(AcceptedMap map, var _)
        && !map.bpfName().equals(inForce);
  }

  private static String firstByName(String one, String other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Verdict<AcceptedMap> conflict(String bpfName, String keeper) {
    Problems problems = new Problems();
    problems.add(
        Reason.BPF_NAME_CONFLICT,
        "spec.bpfName",
        "%s belongs to TaskStorageMap %s: choose another name".formatted(bpfName, keeper));
    return problems.refused();
  }
}
