package io.taskstorage.controller.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.controller.aggregate.Unreadable;
import io.taskstorage.policy.Problem;
import java.util.List;

/** A cluster policy that no type can hold. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind(ClusterTaskStoragePolicy.KIND)
@Singular("clustertaskstoragepolicy")
@Plural("clustertaskstoragepolicies")
final class UnreadableClusterPolicy extends ClusterTaskStoragePolicy implements Unreadable {

  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  UnreadableClusterPolicy(List<Problem> problems) {
    this.problems = problems;
  }

  @Override
  @JsonIgnore
  public List<Problem> problems() {
    return problems;
  }
}
