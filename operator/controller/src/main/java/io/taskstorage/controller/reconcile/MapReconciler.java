package io.taskstorage.controller.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStorageMapStatus;
import io.taskstorage.controller.aggregate.Change;
import io.taskstorage.controller.aggregate.Fleet;
import io.taskstorage.controller.aggregate.Judgement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps the status of maps true. */
final class MapReconciler implements Reconciler<TaskStorageMap> {

  private final StatusDesk<TaskStorageMap, TaskStorageMapStatus> desk;
  private final SimpleInboundEventSource<TaskStorageMap> elsewhere =
      new SimpleInboundEventSource<>("elsewhere");

  MapReconciler(StatusDesk.Tools tools) {
    this.desk = new StatusDesk<>(TaskStorageMap.KIND, new Statuses(), tools);
  }

  private static final class Statuses
      implements StatusDesk.Kind<TaskStorageMap, TaskStorageMapStatus> {
    @Override
    public TaskStorageMapStatus status(
        Judgement judgement, TaskStorageMap object, Fleet fleet, Instant now) {
      return judgement.status(object, fleet, now);
    }

    @Override
    public Change change(@Nullable TaskStorageMapStatus before, TaskStorageMapStatus after) {
      return Change.between(before, after);
    }

    @Override
    public boolean decides(@Nullable TaskStorageMapStatus before, TaskStorageMapStatus after) {
      return !Objects.equals(
          before == null ? null : before.programmedGeneration(), after.programmedGeneration());
    }

    /** What nodes hold after they acted is what people look for then. */
    @Override
    public int stage(TaskStorageMap object, Fleet fleet) {
      return fleet.stage(Objects.requireNonNullElse(object.getMetadata().getUid(), ""));
    }

    @Override
    public List<Condition> conditions(TaskStorageMapStatus status) {
      return Objects.requireNonNullElse(status.conditions(), List.of());
    }
  }

  @Override
  public List<EventSource<?, TaskStorageMap>> prepareEventSources(
      EventSourceContext<TaskStorageMap> context) {
    return List.of(elsewhere);
  }

  @Override
  public UpdateControl<TaskStorageMap> reconcile(
      TaskStorageMap object, Context<TaskStorageMap> context) {
    return desk.look(object);
  }

  /** Something that statuses depend on has changed elsewhere: looks at each of these again. */
  void lookAgain(List<TaskStorageMap> objects) {
    desk.keepOnly(objects);
    objects.forEach(object -> elsewhere.propagateEvent(ResourceID.fromResource(object)));
  }
}
