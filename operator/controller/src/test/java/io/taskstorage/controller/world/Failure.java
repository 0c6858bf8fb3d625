package io.taskstorage.controller.world;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kind of failure.
 *
 * @param nodes how many say so
 * @param exampleNodes the first three of them
 * @param pods that have zero in a field; 0 where nodes fail as a whole
 * @param examplePod the first of them that may be named
 */
public record Failure(int nodes, List<String> exampleNodes, int pods, @Nullable String examplePod) {

  static final Failure NONE = new Failure(0, List.of(), 0, null);

  Failure and(String node, int morePods, @Nullable String pod) {
    List<String> examples = new ArrayList<>(exampleNodes);
    if (examples.size() < 3) {
      examples.add(node);
    }
    return new Failure(nodes + 1, examples, pods + morePods, examplePod == null ? pod : examplePod);
  }
}
