package io.taskstorage.agent.observe;

import java.util.HashMap;
import java.util.Map;

/**
 * What the container runtime tells of its containers, which the API server tells later: which id is
 * which container.
 *
 * @param byPod the names of a pod's containers by their ids, by what the pod's cgroup is named by
 */
public record ContainerNames(Map<String, Map<String, String>> byPod) {
  /** Nobody tells. */
  public static final ContainerNames NONE = new ContainerNames(Map.of());

  /** Copies the maps. */
  public ContainerNames {
    Map<String, Map<String, String>> copy = new HashMap<>();
    byPod.forEach((pod, names) -> copy.put(pod, Map.copyOf(names)));
    byPod = Map.copyOf(copy);
  }

  /** The names of the containers of one pod by their ids. */
  public Map<String, String> of(String pod) {
    return byPod.getOrDefault(pod, Map.of());
  }
}
