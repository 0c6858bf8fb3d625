package io.taskstorage.controller.aggregate;

import io.taskstorage.policy.PolicyKey;
import java.util.List;

/**
 * A policy decides fields before another one of the same tier and priority, by its name alone.
 *
 * @param winner the one that decides
 * @param fields those of the other one that it decides for some task
 */
public record Tie(PolicyKey winner, List<String> fields) {

  /** Copies the list. */
  public Tie {
    fields = List.copyOf(fields);
  }
}
