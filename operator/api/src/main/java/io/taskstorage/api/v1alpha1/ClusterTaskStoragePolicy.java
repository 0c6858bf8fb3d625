package io.taskstorage.api.v1alpha1;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * Says which pods of any namespace, or which processes of the hosts, carry which field values.
 * Cluster-scoped; stands above ({@code Admin}) or below ({@code Baseline}) the namespaced policies.
 *
 * <p>Mutable and not thread-safe, as the client needs it; {@code getSpec()} is null where no spec
 * was sent.
 */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind(ClusterTaskStoragePolicy.KIND)
@Singular("clustertaskstoragepolicy")
@Plural("clustertaskstoragepolicies")
@ShortNames("ctspolicy")
public class ClusterTaskStoragePolicy
    extends CustomResource<ClusterTaskStoragePolicySpec, PolicyStatus> {

  /** The kind's name on the wire. */
  public static final String KIND = "ClusterTaskStoragePolicy";

  private static final long serialVersionUID = 1;

  /** An empty object, to be filled by the client. */
  public ClusterTaskStoragePolicy() {
    super();
  }
}
