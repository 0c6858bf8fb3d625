package io.taskstorage.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * Says which pods of its own namespace carry which field values. Namespaced; the map decides which
 * namespaces may attach and which fields they may set.
 *
 * <p>Mutable and not thread-safe, as the client needs it; {@code getSpec()} is null where no spec
 * was sent.
 */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind(TaskStoragePolicy.KIND)
@Singular("taskstoragepolicy")
@Plural("taskstoragepolicies")
@ShortNames("tspolicy")
public class TaskStoragePolicy extends CustomResource<TaskStoragePolicySpec, PolicyStatus>
    implements Namespaced {

  /** The kind's name on the wire. */
  public static final String KIND = "TaskStoragePolicy";

  private static final long serialVersionUID = 1;

  /** An empty object, to be filled by the client. */
  public TaskStoragePolicy() {
    super();
  }
}
