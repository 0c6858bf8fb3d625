package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a policy of either kind.
 *
 * @param observedGeneration generation that the rest is about; -1 until somebody has seen the
 *     object
 * @param programmedGeneration the last generation that every expected node had acted on
 * @param conditions Accepted, Programmed, Ready, Stalled
 * @param nodes how far the nodes are
 * @param overriddenFields fields that another policy decides for some task
 * @param failures at most 8 kinds of failure
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyStatus(
    @Nullable Long observedGeneration,
    @Nullable Long programmedGeneration,
    @Nullable List<Condition> conditions,
    @Nullable PolicyNodeCounts nodes,
    @Nullable List<String> overriddenFields,
    @Nullable List<PolicyFailure> failures) {

  /** Copies, so that nobody can change what was reported. */
  public PolicyStatus {
    conditions = conditions == null ? null : List.copyOf(conditions);
    overriddenFields = overriddenFields == null ? null : List.copyOf(overriddenFields);
    failures = failures == null ? null : List.copyOf(failures);
  }
}
