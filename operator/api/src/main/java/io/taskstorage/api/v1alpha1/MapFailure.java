package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kind of failure of a map, summed over the nodes.
 *
 * @param reason the wire value of a {@link Reason}, or a newer version's
 * @param message the same in a sentence
 * @param nodes nodes that report it
 * @param exampleNodes at most 3 of them
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MapFailure(
    @Nullable String reason,
    @Nullable String message,
    @Nullable Integer nodes,
    @Nullable List<String> exampleNodes) {

  /** Copies, so that nobody can change what was reported. */
  public MapFailure {
    exampleNodes = exampleNodes == null ? null : List.copyOf(exampleNodes);
  }
}
