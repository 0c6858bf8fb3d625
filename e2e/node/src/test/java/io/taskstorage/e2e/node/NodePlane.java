package io.taskstorage.e2e.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.DesiredComputation;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.execute.Execution;
import io.taskstorage.agent.execute.Executor;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.agent.plan.Planner;
import io.taskstorage.api.manifest.Document;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.manifest.Place;
import io.taskstorage.api.v1alpha1.Manifest;
import io.taskstorage.api.v1alpha1.Manifests;
import io.taskstorage.e2e.node.World.PodSpec;
import io.taskstorage.policy.PodFacts;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.Entry;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.TaskStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** One turn of the agent over a world: what its store then holds for each cgroup's task. */
final class NodePlane {

  private NodePlane() {}

  /**
   * Brings the tasks in line.
   *
   * @param tasks the path of the cgroup of each task
   * @return per cgroup that carries something, the bytes of each map in hexadecimal
   */
  static SortedMap<String, SortedMap<String, String>> values(
      World world, TaskStore store, CgroupSnapshot cgroups, Map<Integer, String> tasks) {
    ApiState api =
        new ApiState(
            objects(world),
            true,
            false,
            List.of(),
            List.of(),
            List.of(),
            Optional.of(cluster(world)));
    Observed observed = new Observed(api, cgroups, InForce.NOTHING, Optional.empty());
    Desired desired = DesiredComputation.of(observed, Facts.node(world), LastAccepted.NONE);
    Execution execution =
        new Executor(store).run(Planner.plan(desired, InForce.NOTHING), InForce.NOTHING);
    for (Outcome outcome : execution.outcomes()) {
      if (!(outcome instanceof Outcome.Done)) {
        throw new AssertionError("write world: " + outcome);
      }
    }
    SortedMap<String, SortedMap<String, String>> values = new TreeMap<>();
    for (MapName map : desired.maps().keySet()) {
      for (Entry entry : store.entries(map)) {
        String cgroup = tasks.get(entry.tid());
        if (cgroup == null) {
          throw new AssertionError("write world: an entry for " + entry);
        }
        values
            .computeIfAbsent(cgroup, _ -> new TreeMap<>())
            .put(map.value(), entry.value().toHex());
      }
    }
    return values;
  }

  /** The world's objects, as an API server would tell them. */
  private static SortedMap<ObjectKey, Origin> objects(World world) {
    SortedMap<ObjectKey, Origin> objects = new TreeMap<>();
    for (ObjectNode json : world.objects()) {
      HasMetadata object =
          switch (Manifests.parse(json)) {
            case Manifest.OfMap(var map) -> map;
            case Manifest.OfClusterPolicy(var policy) -> policy;
            case Manifest.OfPolicy(var policy) -> policy;
            case Manifest other -> throw new AssertionError(other.toString());
          };
      ObjectKey key = ObjectKey.of(object);
      objects.put(
          key, new Origin(key, Place.of("server"), object, new Document(json, "", Map.of())));
    }
    return objects;
  }

  private static ClusterState cluster(World world) {
    SortedMap<String, PodOnNode> pods = new TreeMap<>();
    SortedSet<String> podNamespaces = new TreeSet<>();
    for (PodSpec pod : world.podsHere()) {
      SortedMap<String, String> containers = new TreeMap<>();
      pod.containers().forEach(c -> containers.put(c.name(), pod.cgroupOf(c)));
      PodFacts facts = Facts.pod(world, pod);
      pods.put(pod.cgroup(), new PodOnNode(facts, containers));
      podNamespaces.add(facts.namespace());
    }
    return new ClusterState(
        Facts.node(world), new TreeMap<>(Facts.namespaces(world)), pods, podNamespaces);
  }
}
