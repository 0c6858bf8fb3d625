package io.taskstorage.benchmarks;

import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.api.manifest.ManifestText;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.manifest.Parts;
import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PodFacts;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** All pods of a {@link SampleCluster} on one node, as its agent observes them. */
final class ClusterNode {
  static final NodeFacts NODE = new NodeFacts("node-0", Map.of("kubernetes.io/os", "linux"));

  /** Nothing at all. */
  static final Observed NOTHING =
      new Observed(
          ApiState.UNKNOWN,
          new CgroupSnapshot(List.of(), List.of()),
          InForce.NOTHING,
          Optional.empty());

  private static final String PODS = "/kubepods.slice";

  private final List<Cgroup> cgroups = new ArrayList<>();
  private final SortedMap<String, NamespaceFacts> namespaces = new TreeMap<>();
  private final SortedMap<String, PodOnNode> pods = new TreeMap<>();

  private ClusterNode(List<PodFacts> facts) {
    Cgroup root = cgroup(Optional.empty(), "/");
    Cgroup ofPods = cgroup(Optional.of(root), PODS);
    for (PodFacts pod : facts) {
      namespaces.put(pod.namespace(), pod.ns());
      Cgroup ofPod =
          cgroup(
              Optional.of(ofPods), PODS + "/kubepods-pod" + pod.uid().replace('-', '_') + ".slice");
      SortedMap<String, String> ofContainers = new TreeMap<>();
      for (ContainerFacts container : pod.containers()) {
        String path = ofPod.path() + "/cri-containerd-" + container.name() + ".scope";
        ofContainers.put(container.name(), cgroup(Optional.of(ofPod), path).path());
      }
      pods.put(ofPod.path(), new PodOnNode(pod, ofContainers));
    }
  }

  private Cgroup cgroup(Optional<Cgroup> parent, String path) {
    Cgroup cgroup = new Cgroup(new CgroupId(cgroups.size() + 1), parent.map(Cgroup::id), path);
    cgroups.add(cgroup);
    return cgroup;
  }

  /** What the agent of this node sees at the start of a turn. */
  static Observed observed(SampleCluster cluster) {
    return observed(cluster, facts(cluster), cluster.policiesYaml(0));
  }

  /** The same with another label on one pod, by which other policies select it. */
  static Observed withOneLabelChanged(SampleCluster cluster) {
    List<PodFacts> facts = facts(cluster);
    PodFacts first = facts.getFirst();
    Map<String, String> labels = new TreeMap<>(first.labels());
    labels.putAll(cluster.pod(4).labels());
    facts.set(
        0,
        new PodFacts(
            first.namespace(),
            first.name(),
            first.uid(),
            labels,
            first.annotations(),
            first.serviceAccountName(),
            first.nodeName(),
            first.ns(),
            first.containers()));
    return observed(cluster, facts, cluster.policiesYaml(0));
  }

  /** The same with another value in one policy, which selects every pod. */
  static Observed withOnePolicyChanged(SampleCluster cluster) {
    return observed(cluster, facts(cluster), cluster.policiesYaml(1));
  }

  private static List<PodFacts> facts(SampleCluster cluster) {
    return new ArrayList<>(IntStream.range(0, cluster.pods()).mapToObj(cluster::pod).toList());
  }

  private static Observed observed(SampleCluster cluster, List<PodFacts> facts, String policies) {
    ClusterNode node = new ClusterNode(facts);
    SortedMap<ObjectKey, Origin> objects = new TreeMap<>();
    read("maps.yaml", cluster.mapsYaml(), objects);
    read("policies.yaml", policies, objects);
    ApiState api =
        new ApiState(
            objects,
            true,
            false,
            List.of(),
            List.of(),
            List.of(),
            Optional.of(
                new ClusterState(
                    NODE,
                    node.namespaces,
                    node.pods,
                    new TreeSet<>(facts.stream().map(PodFacts::namespace).toList()))));
    return new Observed(
        api, new CgroupSnapshot(node.cgroups, List.of()), InForce.NOTHING, Optional.empty());
  }

  private static void read(String name, String yaml, Map<ObjectKey, Origin> into) {
    byte[] bytes = yaml.getBytes(StandardCharsets.UTF_8);
    switch (ManifestText.of(name, bytes, ManifestText.MAX_PARTS, Parts.NONE, _ -> {})) {
      case ManifestText.Broken broken -> throw new IllegalStateException(broken.toString());
      case ManifestText.Documented documented -> {
        if (!documented.refused().isEmpty()) {
          throw new IllegalStateException(documented.refused().toString());
        }
        documented.objects().forEach(origin -> into.put(origin.key(), origin));
      }
    }
  }
}
