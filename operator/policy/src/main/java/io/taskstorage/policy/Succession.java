package io.taskstorage.policy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.ReasonUrgency;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Verdicts on objects that may have been accepted in an earlier version. An edit that is refused
 * for what is written in it does not take away what was in force, as an API server would not have
 * let it in: the version accepted last goes on counting.
 *
 * @param told what to tell the authors: about an object that is refused for what is written in it,
 *     as it is written; about any other, as things are in force
 * @param inForce about the objects that count: where one is refused, its version accepted last
 * @param earlier objects of which an earlier version counts
 * @param accepted the versions that count now; what a later succession begins with
 */
public record Succession(
    AcceptedSet told,
    AcceptedSet inForce,
    Set<ObjectKey> earlier,
    Map<ObjectKey, HasMetadata> accepted) {

  /** Copies what it is given. */
  public Succession {
    earlier = Set.copyOf(earlier);
    accepted = Map.copyOf(accepted);
  }

  /**
   * Judges everything.
   *
   * @param written the objects as they are now
   * @param before the versions that were accepted last
   * @param namespaces as in {@link AcceptanceInput}
   * @param bpfNames as in {@link AcceptanceInput}
   */
  public static Succession of(
      Map<ObjectKey, ? extends HasMetadata> written,
      Map<ObjectKey, ? extends HasMetadata> before,
      Map<String, NamespaceFacts> namespaces,
      Map<String, String> bpfNames) {
    Map<ObjectKey, HasMetadata> objects = new HashMap<>(written);
    AcceptedSet asWritten = judge(objects, namespaces, bpfNames);
    Set<ObjectKey> earlier = new HashSet<>();
    for (ObjectKey key : refused(asWritten)) {
      HasMetadata last = before.get(key);
      if (last != null) {
        objects.put(key, last);
        earlier.add(key);
      }
    }
    AcceptedSet inForce = earlier.isEmpty() ? asWritten : judge(objects, namespaces, bpfNames);
    return new Succession(
        told(asWritten, inForce, earlier), inForce, earlier, remember(objects, inForce));
  }

  private static AcceptedSet told(
      AcceptedSet asWritten, AcceptedSet inForce, Set<ObjectKey> earlier) {
    SortedMap<String, Verdict<AcceptedMap>> maps = new TreeMap<>(inForce.maps());
    SortedMap<PolicyKey, Verdict<AcceptedPolicy>> policies = new TreeMap<>(inForce.policies());
    maps.replaceAll(
        (name, verdict) ->
            earlier.contains(key(name)) ? asWritten.maps().getOrDefault(name, verdict) : verdict);
    policies.replaceAll(
        (policy, verdict) ->
            earlier.contains(key(policy))
                ? asWritten.policies().getOrDefault(policy, verdict)
                : verdict);
    return new AcceptedSet(maps, policies);
  }

  /** True where an earlier version of a refused object counts. */
  public boolean staysEarlier(ObjectKey key) {
    return earlier.contains(key);
  }

  /** The key of a map by its name. */
  public static ObjectKey key(String map) {
    return new ObjectKey(TaskStorageMap.KIND, map);
  }

  /** The key of a policy. */
  public static ObjectKey key(PolicyKey policy) {
    return new ObjectKey(
        policy.isCluster() ? ClusterTaskStoragePolicy.KIND : TaskStoragePolicy.KIND,
        policy.namespace(),
        policy.name());
  }

  private static AcceptedSet judge(
      Map<ObjectKey, HasMetadata> objects,
      Map<String, NamespaceFacts> namespaces,
      Map<String, String> bpfNames) {
    List<TaskStorageMap> maps = new ArrayList<>();
    List<ClusterTaskStoragePolicy> clusterPolicies = new ArrayList<>();
    List<TaskStoragePolicy> policies = new ArrayList<>();
    for (HasMetadata object : objects.values()) {
      switch (object) {
        case TaskStorageMap map -> maps.add(map);
        case ClusterTaskStoragePolicy policy -> clusterPolicies.add(policy);
        case TaskStoragePolicy policy -> policies.add(policy);
        default -> {}
      }
    }
    return Acceptance.of(
        new AcceptanceInput(maps, clusterPolicies, policies, namespaces, bpfNames));
  }

  /** Refused for what is written in it; a policy that waits for its map is not among them. */
  private static Set<ObjectKey> refused(AcceptedSet judged) {
    Set<ObjectKey> refused = new HashSet<>();
    judged
        .maps()
        .forEach(
            (name, verdict) -> {
              if (isRefused(verdict)) {
                refused.add(key(name));
              }
            });
    judged
        .policies()
        .forEach(
            (policy, verdict) -> {
              if (isRefused(verdict)) {
                refused.add(key(policy));
              }
            });
    return refused;
  }

  private static boolean isRefused(Verdict<?> verdict) {
    return verdict instanceof Verdict.Refused<?>(Reason reason, var _)
        && reason.urgency() == ReasonUrgency.ACT;
  }

  private static Map<ObjectKey, HasMetadata> remember(
      Map<ObjectKey, HasMetadata> objects, AcceptedSet inForce) {
    Map<ObjectKey, HasMetadata> accepted = new HashMap<>();
    inForce.acceptedMaps().keySet().forEach(name -> put(accepted, key(name), objects));
    inForce.acceptedPolicies().forEach(policy -> put(accepted, key(policy.key()), objects));
    return accepted;
  }

  private static void put(
      Map<ObjectKey, HasMetadata> into, ObjectKey key, Map<ObjectKey, HasMetadata> from) {
    HasMetadata object = from.get(key);
    if (object != null) {
      into.put(key, object);
    }
  }
}
