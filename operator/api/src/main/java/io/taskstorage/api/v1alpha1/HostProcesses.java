package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of the hosts themselves, never those of pods. At least one of units and paths is needed.
 *
 * @param nodeSelector nodes on which the policy applies; absent or empty = all
 * @param systemdUnits units by name, such as {@code sshd.service}; {@code getty@.service} takes all
 *     instances
 * @param cgroupPaths absolute paths below the cgroup2 root
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostProcesses(
    @Nullable LabelSelector nodeSelector,
    @Nullable List<String> systemdUnits,
    @Nullable List<String> cgroupPaths,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public HostProcesses {
    systemdUnits = systemdUnits == null ? null : List.copyOf(systemdUnits);
    cgroupPaths = cgroupPaths == null ? null : List.copyOf(cgroupPaths);
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
