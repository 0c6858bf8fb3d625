package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One map on one node.
 *
 * @param name the map's name
 * @param uid the map's uid, so that a later map of the same name is not taken for it
 * @param generation generation of the map that the agent has acted on
 * @param state {@link #PROGRAMMED}, {@link #FAILED} or {@link #REMOVING}; a reader takes any other
 *     word for Failed
 * @param reason the wire value of a {@link Reason}, or a newer version's
 * @param entries what the map holds on this node
 * @param policies at most 512 {@link PolicyToken}s as text
 * @param omittedPolicies how many more there are
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeMap(
    @Nullable String name,
    @Nullable String uid,
    @Nullable Long generation,
    @Nullable String state,
    @Nullable String reason,
    @Nullable EntryCounts entries,
    @Nullable List<String> policies,
    @Nullable Integer omittedPolicies) {

  /** The node has done all that the map asks. */
  public static final String PROGRAMMED = "Programmed";

  /** The node cannot do it; the reason says why. */
  public static final String FAILED = "Failed";

  /** The map's object is gone, and the node is taking the map away. */
  public static final String REMOVING = "Removing";

  /** Copies, so that nobody can change what was reported. */
  public NodeMap {
    policies = policies == null ? null : List.copyOf(policies);
  }
}
