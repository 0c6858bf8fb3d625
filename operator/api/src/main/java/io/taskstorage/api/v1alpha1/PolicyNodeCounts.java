package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How far the nodes are with a policy.
 *
 * @param expected nodes that have to act
 * @param programmed nodes that acted on this generation
 * @param pending nodes that joined later and are not done yet
 * @param failed nodes that cannot
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyNodeCounts(
    @Nullable Integer expected,
    @Nullable Integer programmed,
    @Nullable Integer pending,
    @Nullable Integer failed) {}
