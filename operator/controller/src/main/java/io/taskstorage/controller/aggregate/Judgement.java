package io.taskstorage.controller.aggregate;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.taskstorage.api.v1alpha1.AttachedPolicies;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.TargetRef;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStorageMapStatus;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.policy.Acceptance;
import io.taskstorage.policy.AcceptanceInput;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.AcceptedSet;
import io.taskstorage.policy.FieldValue;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.Verdict;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All objects judged together, once for many statuses: judging compiles expressions, counting nodes
 * does not.
 */
public final class Judgement {

  private final ObjectSet objects;
  private final AcceptedSet set;
  private final Map<String, TaskStorageMap> maps = new HashMap<>();
  private final Map<String, AcceptedMap> accepted;
  private final Map<String, Long> judged = new HashMap<>();
  private final Map<PolicyKey, List<String>> decidedBefore = new HashMap<>();

  private Judgement(ObjectSet objects) {
    this.objects = objects;
    this.set =
        Acceptance.of(
            new AcceptanceInput(
                objects.maps(),
                objects.clusterPolicies(),
                objects.policies(),
                objects.namespaces(),
                Map.of()));
    this.accepted = Map.copyOf(set.acceptedMaps());
    objects.maps().forEach(map -> maps.put(map.getMetadata().getName(), map));
    Stream.of(objects.maps(), objects.clusterPolicies(), objects.policies())
        .flatMap(List::stream)
        .forEach(object -> judged.put(object.getMetadata().getUid(), generation(object)));
    Map<String, Set<String>> decided = new HashMap<>();
    for (AcceptedPolicy policy : set.acceptedPolicies()) {
      Set<String> fields = decided.computeIfAbsent(policy.map(), _ -> new LinkedHashSet<>());
      decidedBefore.put(policy.key(), List.copyOf(fields));
      policy.values().stream().map(FieldValue::field).forEach(fields::add);
    }
  }

  /**
   * Judges.
   *
   * @throws IllegalArgumentException if an object is given twice
   */
  public static Judgement of(ObjectSet objects) {
    return new Judgement(objects);
  }

  /** True if this very generation of the object is among those judged. */
  public boolean covers(HasMetadata object) {
    return judged.getOrDefault(object.getMetadata().getUid(), -1L) == generation(object);
  }

  /** The status that a map ought to have; the map is one of those judged, with its status now. */
  public TaskStorageMapStatus status(TaskStorageMap map, Fleet fleet, Instant now) {
    String name = map.getMetadata().getName();
    return MapAggregation.of(map, verdict(map, set.maps().get(name)), attached(name), fleet, now);
  }

  /** The status that a policy of either kind ought to have; see the one of a map. */
  public PolicyStatus status(CustomResource<?, PolicyStatus> policy, Fleet fleet, Instant now) {
    PolicyFacts facts = facts(policy);
    return PolicyAggregation.of(facts, target(facts), fleet, now);
  }

  /**
   * True if the status of a policy depends on where the pods of its namespace are, which nodes do
   * not all say themselves.
   */
  public boolean needsPods(CustomResource<?, PolicyStatus> policy, Fleet fleet) {
    PolicyFacts facts = facts(policy);
    return target(facts)
        .filter(target -> PolicyAggregation.needsPods(facts, target, fleet))
        .isPresent();
  }

  /**
   * The policy that goes before this one by its name alone, and decides some field for a task that
   * both select; the first of them where there are several.
   *
   * @param status what the nodes say of the policy
   */
  public Optional<Tie> tie(CustomResource<?, PolicyStatus> policy, PolicyStatus status) {
    PolicyKey key = key(policy);
    List<String> overridden = Objects.requireNonNullElse(status.overriddenFields(), List.of());
    Optional<AcceptedPolicy> loser =
        set.acceptedPolicies().stream().filter(each -> each.key().equals(key)).findFirst();
    if (overridden.isEmpty() || loser.isEmpty()) {
      return Optional.empty();
    }
    return set.acceptedPolicies().stream()
        .takeWhile(each -> !each.key().equals(key))
        .filter(each -> isTied(each, loser.get()))
        .map(each -> new Tie(each.key(), decided(each, overridden)))
        .filter(tie -> !tie.fields().isEmpty())
        .findFirst();
  }

  /** Policies of two namespaces select no task in common. */
  private static boolean isTied(AcceptedPolicy one, AcceptedPolicy other) {
    return one.tier() == other.tier()
        && one.priority() == other.priority()
        && one.map().equals(other.map())
        && one.key().namespace().equals(other.key().namespace());
  }

  private static List<String> decided(AcceptedPolicy policy, List<String> among) {
    return policy.values().stream().map(FieldValue::field).filter(among::contains).toList();
  }

  private Optional<AcceptedMap> target(PolicyFacts policy) {
    return policy.map().map(map -> accepted.get(map.getMetadata().getName()));
  }

  private PolicyFacts facts(CustomResource<?, PolicyStatus> policy) {
    PolicyKey key = key(policy);
    Verdict<AcceptedPolicy> verdict = verdict(policy, set.policies().get(key));
    Optional<String> target =
        verdict instanceof Verdict.Accepted<AcceptedPolicy>(AcceptedPolicy inForce, var _)
            ? Optional.of(inForce.map())
            : Optional.empty();
    return new PolicyFacts(
        key,
        policy.getMetadata().getUid(),
        generation(policy),
        Optional.ofNullable(policy.getStatus()),
        verdict,
        target.map(maps::get),
        decidedBefore.getOrDefault(key, List.of()));
  }

  private static <T> Verdict<T> verdict(HasMetadata object, @Nullable Verdict<T> judged) {
    if (object instanceof Unreadable unreadable) {
      return new Verdict.Refused<>(Reason.UNSUPPORTED_FIELD, unreadable.problems());
    }
    if (judged == null) {
      throw new IllegalArgumentException(
          "make status of %s %s: not judged: judge it with the others first"
              .formatted(object.getKind(), object.getMetadata().getName()));
    }
    return judged;
  }

  private static PolicyKey key(HasMetadata policy) {
    String namespace = policy.getMetadata().getNamespace();
    return new PolicyKey(namespace == null ? "" : namespace, policy.getMetadata().getName());
  }

  private static long generation(HasMetadata object) {
    Long generation = object.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }

  /** How many policies name a map, whether they are accepted or not. */
  private AttachedPolicies attached(String map) {
    int cluster = 0;
    for (ClusterTaskStoragePolicy policy : objects.clusterPolicies()) {
      cluster += policy.getSpec() != null && names(policy.getSpec().targetRefs(), map) ? 1 : 0;
    }
    int namespaced = 0;
    for (TaskStoragePolicy policy : objects.policies()) {
      namespaced += policy.getSpec() != null && names(policy.getSpec().targetRefs(), map) ? 1 : 0;
    }
    return new AttachedPolicies(cluster, namespaced);
  }

  private static boolean names(@Nullable List<TargetRef> targets, String map) {
    return targets != null && targets.stream().anyMatch(target -> map.equals(target.name()));
  }
}
