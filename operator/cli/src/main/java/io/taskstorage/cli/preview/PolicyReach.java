package io.taskstorage.cli.preview;

import io.taskstorage.policy.AcceptedPolicy;
import java.util.List;

/**
 * How far a policy reaches.
 *
 * @param carriers how many it selects; a host's subject counts once for each node
 * @param decides fields that it decides for at least one of them
 * @param overridden fields that another policy decides in its place for at least one of them
 */
public record PolicyReach(
    AcceptedPolicy policy, int carriers, List<String> decides, List<String> overridden) {

  /** Copies the lists. */
  public PolicyReach {
    decides = List.copyOf(decides);
    overridden = List.copyOf(overridden);
  }
}
