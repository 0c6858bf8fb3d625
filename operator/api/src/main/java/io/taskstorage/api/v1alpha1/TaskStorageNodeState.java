package io.taskstorage.api.v1alpha1;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * What one node's agent has done. Cluster-scoped and named as the node; has a status and no spec.
 *
 * <p>The controller makes it, with the Node as its owner; the node's agent alone writes its status.
 * Mutable and not thread-safe, as the client needs it.
 */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind(TaskStorageNodeState.KIND)
@Singular("taskstoragenodestate")
@Plural("taskstoragenodestates")
@ShortNames("tsnode")
public class TaskStorageNodeState extends CustomResource<Void, NodeStateStatus> {

  /** The kind's name on the wire. */
  public static final String KIND = "TaskStorageNodeState";

  private static final long serialVersionUID = 1;

  /** An empty object, to be filled by the client. */
  public TaskStorageNodeState() {
    super();
  }
}
