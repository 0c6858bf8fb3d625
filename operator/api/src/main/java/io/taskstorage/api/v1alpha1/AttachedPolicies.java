package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How many policies are for a map.
 *
 * @param cluster cluster policies
 * @param namespaced namespaced policies
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AttachedPolicies(@Nullable Integer cluster, @Nullable Integer namespaced) {}
