package io.taskstorage.controller.reconcile;

import io.fabric8.kubernetes.client.CustomResource;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.controller.aggregate.Change;
import io.taskstorage.controller.aggregate.Fleet;
import io.taskstorage.controller.aggregate.Judgement;
import io.taskstorage.controller.aggregate.Tie;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What both kinds of policies have in common. */
final class PolicyStatuses<P extends CustomResource<?, PolicyStatus>>
    implements StatusDesk.Kind<P, PolicyStatus> {

  @Override
  public PolicyStatus status(Judgement judgement, P object, Fleet fleet, Instant now) {
    return judgement.status(object, fleet, now);
  }

  @Override
  public Change change(@Nullable PolicyStatus before, PolicyStatus after) {
    return Change.between(before, after);
  }

  @Override
  public List<Condition> conditions(PolicyStatus status) {
    return Objects.requireNonNullElse(status.conditions(), List.of());
  }

  @Override
  public boolean needsPods(Judgement judgement, P object, Fleet fleet) {
    return judgement.needsPods(object, fleet);
  }

  @Override
  public boolean decides(@Nullable PolicyStatus before, PolicyStatus after) {
    return !Objects.equals(
        before == null ? null : before.programmedGeneration(), after.programmedGeneration());
  }

  /** A tie is told when its fields come to be decided by another, and for each new generation. */
  @Override
  public Optional<Tie> tie(
      Judgement judgement, P object, @Nullable PolicyStatus before, PolicyStatus after) {
    boolean isTold =
        before != null
            && Objects.equals(before.observedGeneration(), after.observedGeneration())
            && Objects.equals(before.overriddenFields(), after.overriddenFields());
    return isTold ? Optional.empty() : judgement.tie(object, after);
  }
}
