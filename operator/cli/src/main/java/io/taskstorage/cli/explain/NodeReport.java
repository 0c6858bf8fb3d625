package io.taskstorage.cli.explain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node's agent says of the maps whose values a pod carries.
 *
 * @param node the node's name
 * @param agent the agent's version; absent where it has reported nothing
 * @param maps in the order of their names
 */
public record NodeReport(String node, @Nullable String agent, List<MapThere> maps) {
  /** Copies the list. */
  public NodeReport {
    maps = List.copyOf(maps);
  }

  /**
   * One map.
   *
   * @param state as the node state has it; absent where it says nothing of the map
   * @param reason a word of the table of reasons; absent without one
   * @param meaning of the reason, and {@code mend} what to do; absent without a known reason
   * @param policies those that set some field of the pod, whether they decide it or not
   */
  public record MapThere(
      String map,
      @Nullable String state,
      @Nullable String reason,
      @Nullable String meaning,
      @Nullable String mend,
      List<PolicyThere> policies) {
    /** Copies the list. */
    public MapThere {
      policies = List.copyOf(policies);
    }
  }

  /**
   * One policy.
   *
   * @param namespace absent for a cluster policy
   * @param generation the present one
   * @param actedOn the one that the node has acted on; absent where it has on none
   */
  public record PolicyThere(
      @Nullable String namespace, String name, long generation, @Nullable Long actedOn) {
    /** As people name it. */
    String key() {
      return namespace == null ? name : namespace + "/" + name;
    }

    /** True if the node has not done what the policy asks now. */
    boolean isBehind() {
      return actedOn == null || actedOn != generation;
    }
  }
}
