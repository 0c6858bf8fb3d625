package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kind of failure of a policy, summed over the nodes.
 *
 * @param reason the wire value of a {@link Reason}, or a newer version's
 * @param message the same in a sentence
 * @param nodes nodes that report it
 * @param exampleNodes at most 3 of them
 * @param field the field concerned, if one is
 * @param pods pods that use zero because of it
 * @param examplePod one of them, {@code namespace/name}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyFailure(
    @Nullable String reason,
    @Nullable String message,
    @Nullable Integer nodes,
    @Nullable List<String> exampleNodes,
    @Nullable String field,
    @Nullable Integer pods,
    @Nullable String examplePod) {

  /** Copies, so that nobody can change what was reported. */
  public PolicyFailure {
    exampleNodes = exampleNodes == null ? null : List.copyOf(exampleNodes);
  }
}
