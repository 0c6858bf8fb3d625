package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a {@link TaskStorageMap}.
 *
 * @param observedGeneration generation that the rest is about; -1 until somebody has seen the
 *     object
 * @param programmedGeneration the last generation that every expected node had acted on
 * @param conditions Accepted, Programmed, Ready, Stalled, and which policies there are
 * @param layout offsets and size of the value struct
 * @param pinPath where BPF programs find the map
 * @param attachedPolicies how many policies are for this map
 * @param nodes how many nodes have it
 * @param entries how many tasks carry a value
 * @param failures at most 8 kinds of failure
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskStorageMapStatus(
    @Nullable Long observedGeneration,
    @Nullable Long programmedGeneration,
    @Nullable List<Condition> conditions,
    @Nullable LayoutStatus layout,
    @Nullable String pinPath,
    @Nullable AttachedPolicies attachedPolicies,
    @Nullable MapNodeCounts nodes,
    @Nullable EntryCounts entries,
    @Nullable List<MapFailure> failures) {

  /** Copies, so that nobody can change what was reported. */
  public TaskStorageMapStatus {
    conditions = conditions == null ? null : List.copyOf(conditions);
    failures = failures == null ? null : List.copyOf(failures);
  }
}
