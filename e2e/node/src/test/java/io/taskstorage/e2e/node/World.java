package io.taskstorage.e2e.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.layout.StructLayout;
import java.util.List;
import java.util.Map;

/**
 * One case: objects of our API, a cluster, and the cgroups of one of its nodes.
 *
 * @param maps the structs of the maps, by the maps' names
 * @param objects maps and policies as people write them
 * @param namespaces with their labels
 * @param pods of every node
 * @param nodes with their labels; the first is the one that the cgroups belong to
 * @param hostCgroups paths of the node's own
 */
record World(
    Map<String, StructLayout> maps,
    List<ObjectNode> objects,
    Map<String, Map<String, String>> namespaces,
    List<PodSpec> pods,
    List<NodeSpec> nodes,
    List<String> hostCgroups) {

  /** A pod; {@code containers} in the order of the spec. */
  record PodSpec(
      String namespace,
      String name,
      String uid,
      Map<String, String> labels,
      Map<String, String> annotations,
      String serviceAccount,
      String node,
      List<ContainerSpec> containers) {

    /** Where the kubelet's cgroupfs driver puts a pod of class Guaranteed. */
    String cgroup() {
      return "/kubepods/pod" + uid;
    }

    String cgroupOf(ContainerSpec container) {
      return cgroup() + "/" + container.name() + "0123456789abcdef";
    }
  }

  /** A container; {@code where} is the list of the pod's spec that it stands in. */
  record ContainerSpec(String name, String image, String where, boolean isSidecar) {}

  /** A node. */
  record NodeSpec(String name, Map<String, String> labels) {}

  NodeSpec node() {
    return nodes.getFirst();
  }

  List<PodSpec> podsHere() {
    return pods.stream().filter(pod -> pod.node().equals(node().name())).toList();
  }
}
