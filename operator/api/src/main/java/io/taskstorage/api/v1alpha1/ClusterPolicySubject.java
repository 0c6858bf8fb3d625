package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose tasks carry a cluster policy's values: exactly one member is set.
 *
 * @param pods pods of all namespaces that the selector takes
 * @param hostProcesses services and cgroups of the hosts themselves
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterPolicySubject(
    @Nullable ClusterPods pods,
    @Nullable HostProcesses hostProcesses,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public ClusterPolicySubject {
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
