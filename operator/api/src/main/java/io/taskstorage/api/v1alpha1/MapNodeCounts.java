package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How far the nodes are with a map.
 *
 * @param desired nodes that the map selects
 * @param programmed nodes that have done everything
 * @param pending nodes that joined later and are not done yet
 * @param failed nodes that cannot do it
 * @param unavailable nodes that are not ready or whose agent is not
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MapNodeCounts(
    @Nullable Integer desired,
    @Nullable Integer programmed,
    @Nullable Integer pending,
    @Nullable Integer failed,
    @Nullable Integer unavailable) {}
