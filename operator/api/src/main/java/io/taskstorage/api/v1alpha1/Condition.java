package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One observation about an object, as every Kubernetes API reports it.
 *
 * @param type what is observed, such as {@link #READY}
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param observedGeneration generation of the spec that the observation is about
 * @param lastTransitionTime when {@code status} last changed, RFC 3339
 * @param reason why, in one word: the wire value of a {@link Reason}, or a newer version's
 * @param message why, in a sentence
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @Nullable String type,
    @Nullable String status,
    @Nullable Long observedGeneration,
    @Nullable String lastTransitionTime,
    @Nullable String reason,
    @Nullable String message) {

  /** The spec is valid and refers to what exists. */
  public static final String ACCEPTED = "Accepted";

  /** Every expected node has done what the spec asks. */
  public static final String PROGRAMMED = "Programmed";

  /** The summary that deployment tools wait for. */
  public static final String READY = "Ready";

  /** Nothing will change until a human acts. */
  public static final String STALLED = "Stalled";

  /** On a map: cluster policies are for it. */
  public static final String CLUSTER_POLICY_AFFECTED =
      ApiGroup.NAME + "/ClusterTaskStoragePolicyAffected";

  /** On a map: policies of namespaces are for it. */
  public static final String POLICY_AFFECTED = ApiGroup.NAME + "/TaskStoragePolicyAffected";
}
