package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the agent of one node reports.
 *
 * @param agent the agent and what it found on its node
 * @param maps at most 32 maps that the node has or should have
 * @param omittedMaps how many more there are
 * @param failures at most 64 fields that are zero because their computation failed
 * @param omittedFailures how many more there are
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeStateStatus(
    @Nullable NodeAgent agent,
    @Nullable List<NodeMap> maps,
    @Nullable Integer omittedMaps,
    @Nullable List<NodeFailure> failures,
    @Nullable Integer omittedFailures) {

  /** Copies, so that nobody can change what was reported. */
  public NodeStateStatus {
    maps = maps == null ? null : List.copyOf(maps);
    failures = failures == null ? null : List.copyOf(failures);
  }
}
