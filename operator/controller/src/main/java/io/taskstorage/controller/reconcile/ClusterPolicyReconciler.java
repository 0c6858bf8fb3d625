package io.taskstorage.controller.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import java.util.List;

/** Keeps the status of cluster policies true. */
final class ClusterPolicyReconciler implements Reconciler<ClusterTaskStoragePolicy> {

  private final StatusDesk<ClusterTaskStoragePolicy, PolicyStatus> desk;
  private final SimpleInboundEventSource<ClusterTaskStoragePolicy> elsewhere =
      new SimpleInboundEventSource<>("elsewhere");

  ClusterPolicyReconciler(StatusDesk.Tools tools) {
    this.desk = new StatusDesk<>(ClusterTaskStoragePolicy.KIND, new PolicyStatuses<>(), tools);
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
