package io.taskstorage.agent.observe;

import io.taskstorage.policy.PodFacts;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pod of this node and its cgroups.
 *
 * @param pod what the API server says of it
 * @param containerCgroups the paths of those of its containers' cgroups that are known, by the
 *     container's name; all lie below the pod's own
 */
public record PodOnNode(PodFacts pod, SortedMap<String, String> containerCgroups) {

  /** Copies the map. */
  public PodOnNode {
    containerCgroups = Collections.unmodifiableSortedMap(new TreeMap<>(containerCgroups));
  }
}
