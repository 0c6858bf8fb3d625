package io.taskstorage.controller.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.controller.aggregate.Change;
import io.taskstorage.controller.aggregate.Fleet;
import io.taskstorage.controller.aggregate.Judgement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps the status of cluster policies true. */
final class ClusterPolicyReconciler implements Reconciler<ClusterTaskStoragePolicy> {

  private final StatusDesk<ClusterTaskStoragePolicy, PolicyStatus> desk;
  private final SimpleInboundEventSource<ClusterTaskStoragePolicy> elsewhere =
      new SimpleInboundEventSource<>("elsewhere");

  ClusterPolicyReconciler(StatusDesk.Tools tools) {
    this.desk = new StatusDesk<>(ClusterTaskStoragePolicy.KIND, new Statuses(), tools);
  }

  private static final class Statuses
      implements StatusDesk.Kind<ClusterTaskStoragePolicy, PolicyStatus> {
    @Override
    public PolicyStatus status(
        Judgement judgement, ClusterTaskStoragePolicy object, Fleet fleet, Instant now) {
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
  }

  @Override
  public List<EventSource<?, ClusterTaskStoragePolicy>> prepareEventSources(
      EventSourceContext<ClusterTaskStoragePolicy> context) {
    return List.of(elsewhere);
  }

  @Override
  public UpdateControl<ClusterTaskStoragePolicy> reconcile(
      ClusterTaskStoragePolicy object, Context<ClusterTaskStoragePolicy> context) {
    return desk.look(object);
  }

  /** Something that statuses depend on has changed elsewhere: looks at each of these again. */
  void lookAgain(List<ClusterTaskStoragePolicy> objects) {
    desk.keepOnly(objects);
    objects.forEach(object -> elsewhere.propagateEvent(ResourceID.fromResource(object)));
  }
}
