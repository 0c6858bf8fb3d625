package io.taskstorage.api.v1alpha1;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A task storage map with a typed value, made on every node that its selector takes.
 * Cluster-scoped.
 *
 * <p>Mutable and not thread-safe, as the client needs it; {@code getSpec()} is null where no spec
 * was sent.
 */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind(TaskStorageMap.KIND)
@Singular("taskstoragemap")
@Plural("taskstoragemaps")
@ShortNames("tsmap")
public class TaskStorageMap extends CustomResource<TaskStorageMapSpec, TaskStorageMapStatus> {

  /** The kind's name on the wire. */
  public static final String KIND = "TaskStorageMap";

  private static final long serialVersionUID = 1;

  /** An empty object, to be filled by the client. */
  public TaskStorageMap() {
    super();
  }
}
