package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.layout.StructLayout;
import java.util.Set;

/**
 * A map that is in force.
 *
 * @param name the object's name
 * @param bpfName name of the kernel's map; no other accepted map has it
 * @param layout the value
 * @param nodeSelector nodes that get the map
 * @param reclaim what happens when the object goes
 * @param namespaces whose policies may attach
 * @param delegated the fields that those policies may set
 * @param generation the object's generation; 0 where nobody counts
 */
public record AcceptedMap(
    String name,
    String bpfName,
    StructLayout layout,
    LabelSelector nodeSelector,
    ReclaimPolicy reclaim,
    NamespaceRule namespaces,
    Set<String> delegated,
    long generation) {

  /** Copies the set. */
  public AcceptedMap {
    delegated = Set.copyOf(delegated);
  }

  /** True if this node gets the map. */
  public boolean selects(NodeFacts node) {
    return LabelSelection.selects(nodeSelector, node.labels());
  }
}
