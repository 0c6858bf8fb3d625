package io.taskstorage.e2e.node;

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
import io.taskstorage.e2e.node.World.PodSpec;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.Entry;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.TaskStore;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One turn of the agent over a world: what its store then holds for each cgroup's task. */
final class NodePlane {

  private NodePlane() {}

  /**
   * Brings the tasks in line.
   *
   * @param files the world's manifests, as the agent observes them
   * @param tasks the path of the cgroup of each task
   * @return per cgroup that carries something, the bytes of each map in hexadecimal
   */
  static SortedMap<String, SortedMap<String, String>> values(
      World world,
      ApiState files,
      TaskStore store,
      CgroupSnapshot cgroups,
      Map<Integer, String> tasks) {
    ApiState api =
        new ApiState(
            files.objects(),
            files.complete(),
            files.settling(),
            files.problems(),
            files.notices(),
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

  private static ClusterState cluster(World world) {
    SortedMap<String, PodOnNode> pods = new TreeMap<>();
    for (PodSpec pod : world.podsHere()) {
      SortedMap<String, String> containers = new TreeMap<>();
      pod.containers().forEach(c -> containers.put(c.name(), pod.cgroupOf(c)));
      pods.put(pod.cgroup(), new PodOnNode(Facts.pod(world, pod), containers));
    }
    return new ClusterState(new TreeMap<>(Facts.namespaces(world)), pods);
  }
}
