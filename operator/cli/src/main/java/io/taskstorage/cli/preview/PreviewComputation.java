package io.taskstorage.cli.preview;

import io.taskstorage.cli.input.ClusterFacts;
import io.taskstorage.cli.preview.Preview.Carrier;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.AcceptedSet;
import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PodFacts;
import io.taskstorage.policy.Resolution;
import io.taskstorage.policy.ResolvedValue;
import io.taskstorage.policy.Subject;
import io.taskstorage.policy.SubjectFacts;
import io.taskstorage.policy.SubjectMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Computes a preview: asks the policy engine for every pod, container and host subject. Pure. */
public final class PreviewComputation {
  private final ClusterFacts cluster;
  private final SortedMap<String, AcceptedMap> maps;
  private final List<AcceptedPolicy> podPolicies;
  private final List<AcceptedPolicy> hostPolicies;
  private final Reaches reaches;
  private final Map<String, OnNode> onNodes = new HashMap<>();
  private final List<Carrier> carriers = new ArrayList<>();

  /** A node, and the maps that it gets. */
  private record OnNode(
      NodeFacts node,
      SortedMap<String, AcceptedMap> maps,
      Map<List<AcceptedPolicy>, SortedMap<String, ResolvedValue>> known) {}

  private PreviewComputation(AcceptedSet accepted, ClusterFacts cluster) {
    this.cluster = cluster;
    this.maps = accepted.acceptedMaps();
    List<AcceptedPolicy> policies = accepted.acceptedPolicies();
    this.podPolicies = policies.stream().filter(each -> isOfPods(each)).toList();
    this.hostPolicies = policies.stream().filter(each -> !isOfPods(each)).toList();
    this.reaches = new Reaches(policies);
  }

  private static boolean isOfPods(AcceptedPolicy policy) {
    return policy.subject() instanceof Subject.Pods;
  }

  /**
   * The preview.
   *
   * @param onlyNode leaves out everybody else's node, and pods that are not bound to one
   */
  public static Preview of(AcceptedSet accepted, ClusterFacts cluster, Optional<String> onlyNode) {
    return new PreviewComputation(accepted, cluster).preview(onlyNode);
  }

  private Preview preview(Optional<String> onlyNode) {
    for (PodFacts pod : cluster.podFacts()) {
      if (onlyNode.map(pod.nodeName()::equals).orElse(true)) {
        add(pod);
      }
    }
    HostSubjects hosts = new HostSubjects(cluster, hostPolicies);
    hosts
        .nodes(onlyNode)
        .forEach(node -> hosts.each(node, (subject, selecting) -> add(node, subject, selecting)));
    Notes notes = new Notes(cluster, podPolicies, hosts);
    return new Preview(maps, carriers, reaches.all(), notes.all(reaches, onlyNode.isPresent()));
  }

  private void add(PodFacts pod) {
    OnNode onNode = onNodes.computeIfAbsent(pod.nodeName(), this::onNode);
    List<String> nodes = pod.nodeName().isEmpty() ? List.of() : List.of(pod.nodeName());
    SubjectFacts.Pod facts = new SubjectFacts.Pod(pod);
    List<AcceptedPolicy> selecting = SubjectMatcher.selecting(podPolicies, facts, onNode.node());
    SortedMap<String, ResolvedValue> ofPod = values(onNode, selecting, _ -> facts);
    add(
        new PreviewSubject.OfPod(pod.namespace(), pod.name(), pod.uid()),
        nodes,
        ofPod,
        selecting,
        onNode);
    for (ContainerFacts container : pod.containers()) {
      SubjectFacts.Container inPod = new SubjectFacts.Container(pod, container);
      List<AcceptedPolicy> selectingIt =
          SubjectMatcher.selecting(podPolicies, inPod, onNode.node());
      if (selectingIt.equals(selecting)
          && selecting.stream().noneMatch(AcceptedPolicy::readsContainer)) {
        continue;
      }
      SortedMap<String, ResolvedValue> ofContainer = values(onNode, selectingIt, _ -> inPod);
      if (!ofContainer.equals(ofPod)) {
        add(
            new PreviewSubject.OfContainer(
                pod.namespace(), pod.name(), pod.uid(), container.name(), container.kind()),
            nodes,
            ofContainer,
            selectingIt,
            onNode);
      }
    }
  }

  private void add(
      NodeFacts node,
      PreviewSubject subject,
      SequencedMap<AcceptedPolicy, SubjectFacts> selectedBy) {
    OnNode onNode = onNodes.computeIfAbsent(node.name(), this::onNode);
    List<String> nodes = node.name().isEmpty() ? List.of() : List.of(node.name());
    List<AcceptedPolicy> selecting = List.copyOf(selectedBy.sequencedKeySet());
    SortedMap<String, ResolvedValue> values =
        values(onNode, selecting, policy -> Objects.requireNonNull(selectedBy.get(policy)));
    add(subject, nodes, values, selecting, onNode);
  }

  private void add(
      PreviewSubject subject,
      List<String> nodes,
      SortedMap<String, ResolvedValue> values,
      List<AcceptedPolicy> selecting,
      OnNode onNode) {
    if (!values.isEmpty()) {
      carriers.add(new Carrier(subject, nodes, values));
      reaches.note(selecting, onNode.maps(), values);
    }
  }

  /** Thousands of pods are selected alike: what depends on none of them is computed once. */
  private static SortedMap<String, ResolvedValue> values(
      OnNode onNode,
      List<AcceptedPolicy> selecting,
      Function<AcceptedPolicy, SubjectFacts> subjects) {
    if (selecting.isEmpty()) {
      return new TreeMap<>();
    }
    return selecting.stream().anyMatch(AcceptedPolicy::isComputed)
        ? Resolution.resolve(selecting, onNode.maps(), subjects, onNode.node())
        : onNode
            .known()
            .computeIfAbsent(
                selecting,
                alike -> Resolution.resolve(alike, onNode.maps(), subjects, onNode.node()));
  }

  /** Nobody knows the node of a pod that is not bound, or of a host without nodes: any will do. */
  private OnNode onNode(String name) {
    if (name.isEmpty()) {
      return new OnNode(HostSubjects.SOME_NODE, maps, new HashMap<>());
    }
    NodeFacts node = cluster.node(name);
    SortedMap<String, AcceptedMap> here = new TreeMap<>(maps);
    here.values().removeIf(map -> !map.selects(node));
    return new OnNode(node, here, new HashMap<>());
  }
}
