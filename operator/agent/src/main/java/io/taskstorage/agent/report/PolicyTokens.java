package io.taskstorage.agent.report;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.Judged;
import io.taskstorage.agent.compute.Judged.Reach;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.v1alpha1.PolicyToken;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.Verdict;
import io.taskstorage.taskstore.MapName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The node's word for each policy that it has acted on. One that it refuses as a whole it has acted
 * on too, in the generation that it refuses. Pure.
 */
final class PolicyTokens {
  private final Observed observed;
  private final Desired desired;
  private final List<Refusal> told;
  private final Set<ObjectKey> refused;
  private final Set<ObjectKey> failing;

  /**
   * Of one turn.
   *
   * @param refusals all of them
   * @param told those that the node's failures name: of another a token would say that it is in
   *     force
   */
  PolicyTokens(Observed observed, Desired desired, List<Refusal> refusals, List<Refusal> told) {
    this.observed = observed;
    this.desired = desired;
    this.told = told;
    this.failing = NodeFailures.failing(desired);
    this.refused = refusals.stream().map(Refusal::key).collect(Collectors.toSet());
  }

  /** A token for each policy of a map that is in force here, in the order of the tokens. */
  List<String> of(MapName map) {
    List<String> tokens = new ArrayList<>();
    for (Judged judged : desired.judged()) {
      if (judged instanceof Judged.OfPolicy policy
          && !refused.contains(policy.key())
          && isOfNode(observed, policy.key())
          && target(policy).filter(map.value()::equals).isPresent()) {
        tokens.add(token(policy.key(), policy.reach()).toString());
      }
    }
    for (Refusal refusal : told) {
      if (refusal.maps().contains(map.value())) {
        tokens.add(token(refusal).toString());
      }
    }
    tokens.sort(null);
    return tokens;
  }

  /** A tenant's change is written only by nodes that run a pod of the tenant. */
  static boolean isOfNode(Observed observed, ObjectKey policy) {
    String namespace = policy.namespace();
    return namespace.isEmpty()
        || observed
            .api()
            .cluster()
            .filter(known -> known.podNamespaces().contains(namespace))
            .isPresent();
  }

  /** The map that an accepted policy is for. */
  private static Optional<String> target(Judged.OfPolicy policy) {
    return policy.verdict()
            instanceof Verdict.Accepted<AcceptedPolicy>(AcceptedPolicy accepted, var _)
        ? Optional.of(accepted.map())
        : Optional.empty();
  }

  private PolicyToken token(ObjectKey key, Reach reach) {
    HasMetadata object = desired.accepted().objects().get(key);
    if (object == null) {
      throw new IllegalStateException("describe " + key + ": in force and not accepted");
    }
    ObjectMeta meta = object.getMetadata();
    boolean isSelecting = reach.cgroups() > 0;
    boolean isOverridden = !reach.overridden().isEmpty();
    return new PolicyToken(
        PolicyToken.prefixOf(meta.getUid()),
        meta.getGeneration(),
        isSelecting,
        isOverridden,
        isSelecting && isOverridden && reach.decided().isEmpty(),
        failing.contains(key));
  }

  private static PolicyToken token(Refusal refusal) {
    return new PolicyToken(
        PolicyToken.prefixOf(refusal.uid()), refusal.generation(), false, false, false, false);
  }
}
