package io.taskstorage.controller.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.util.List;

/** Keeps the status of namespaced policies true. */
final class PolicyReconciler implements Reconciler<TaskStoragePolicy> {

  private final StatusDesk<TaskStoragePolicy, PolicyStatus> desk;
  private final SimpleInboundEventSource<TaskStoragePolicy> elsewhere =
      new SimpleInboundEventSource<>("elsewhere");

  PolicyReconciler(StatusDesk.Tools tools) {
    this.desk = new StatusDesk<>(TaskStoragePolicy.KIND, new PolicyStatuses<>(), tools);
  }

  @Override
  public List<EventSource<?, TaskStoragePolicy>> prepareEventSources(
      EventSourceContext<TaskStoragePolicy> context) {
    return List.of(elsewhere);
  }

  @Override
  public UpdateControl<TaskStoragePolicy> reconcile(
      TaskStoragePolicy object, Context<TaskStoragePolicy> context) {
    return desk.look(object);
  }

  /** Something that statuses depend on has changed elsewhere: looks at each of these again. */
  void lookAgain(List<TaskStoragePolicy> objects) {
    desk.keepOnly(objects);
    objects.forEach(object -> elsewhere.propagateEvent(ResourceID.fromResource(object)));
  }
}
