package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One field of one policy that is zero on a node because its computation failed.
 *
 * @param policy the policy's name, for a namespaced one {@code namespace/name}
 * @param field the field
 * @param reason the wire value of a {@link Reason}, or a newer version's
 * @param pods pods concerned
 * @param examplePod one of them, {@code namespace/name}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeFailure(
    @Nullable String policy,
    @Nullable String field,
    @Nullable String reason,
    @Nullable Integer pods,
    @Nullable String examplePod) {}
