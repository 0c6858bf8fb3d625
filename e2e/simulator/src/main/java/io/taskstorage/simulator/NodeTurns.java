package io.taskstorage.simulator;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.DesiredComputation;
import io.taskstorage.agent.compute.DesiredRow;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.execute.Execution;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.InForce.MapInForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.agent.report.NodeStateComputation;
import io.taskstorage.api.v1alpha1.NodeAgent;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.ContainerKind;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PodFacts;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.StoreProblem;
import io.taskstorage.taskstore.SweepCounts;
import io.taskstorage.taskstore.SweepResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns of nodes: what is observed of the API, computed as a real agent does, carried out by a
 * kernel that does everything at once. Thread-safe.
 */
final class NodeTurns {
  static final NodeAgent AGENT =
      new NodeAgent("simulated", "6.8.0-simulated", null, "Rescan", List.of("TaskStorage"));

  private static final String PODS = "/kubepods/besteffort";

  /** A pod as policies see it. */
  record Pod(String namespace, String name, String uid, Map<String, String> labels) {}

  /** What an agent remembers from one turn to the next. */
  record Memory(LastAccepted accepted, InForce inForce) {
    static final Memory NONE = new Memory(LastAccepted.NONE, InForce.NOTHING);
  }

  /** What came of a turn. */
  record Result(NodeStateStatus status, Memory memory) {}

  /** Two nodes for which all of this is the same hold the same. */
  private record Shape(
      Map<String, String> labels,
      List<Alike> pods,
      Same accepted,
      SortedMap<MapName, MapInForce> maps) {}

  /** What two pods that stand in for each other have in common. */
  private record Alike(String namespace, Map<String, String> labels) {}

  /** The very same instance. */
  private record Same(Object object) {
    @Override
    @SuppressWarnings("ReferenceEquality") // That is what it is for.
    public boolean equals(Object other) {
      return other instanceof Same that && that.object == object;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(object);
    }
  }

  private final ApiState api;
  private final Map<Shape, Desired> computed = new ConcurrentHashMap<>();

  /** Turns on this state of the API, whoever takes them. */
  NodeTurns(ApiState api) {
    this.api = api;
  }

  /** True if these are turns on this very state. */
  @SuppressWarnings("ReferenceEquality") // An observation is the same instance while unchanged.
  boolean isOf(ApiState state) {
    return api == state;
  }

  /**
   * Takes a turn.
   *
   * @param refused the maps that the node's kernel refuses
   */
  Result take(NodeFacts node, List<Pod> pods, Set<String> refused, Memory memory) {
    Observed observed = observed(node, pods, memory.inForce());
    Shape shape =
        new Shape(
            node.labels(),
            pods.stream().map(pod -> new Alike(pod.namespace(), pod.labels())).toList(),
            new Same(memory.accepted()),
            memory.inForce().maps());
    Desired desired =
        computed.computeIfAbsent(
            shape, _ -> DesiredComputation.of(observed, node, memory.accepted()));
    Execution execution = execution(desired, refused);
    return new Result(
        NodeStateComputation.of(AGENT, observed, desired, execution, Map.of()),
        new Memory(desired.accepted(), execution.inForce()));
  }

  private Observed observed(NodeFacts node, List<Pod> pods, InForce inForce) {
    SortedMap<String, NamespaceFacts> namespaces =
        api.cluster().map(ClusterState::namespaces).orElseGet(TreeMap::new);
    List<Cgroup> cgroups = new ArrayList<>();
    cgroups.add(cgroup("/", Optional.empty(), 1));
    cgroups.add(cgroup("/kubepods", Optional.of(1L), 2));
    cgroups.add(cgroup(PODS, Optional.of(2L), 3));
    SortedMap<String, PodOnNode> byPath = new TreeMap<>();
    TreeSet<String> podNamespaces = new TreeSet<>();
    for (int i = 0; i < pods.size(); i++) {
      Pod pod = pods.get(i);
      podNamespaces.add(pod.namespace());
      String path = "%s/pod%04d".formatted(PODS, i);
      cgroups.add(cgroup(path, Optional.of(3L), i + 4L));
      byPath.put(path, new PodOnNode(facts(pod, node, namespaces), new TreeMap<>()));
    }
    ApiState here =
        new ApiState(
            api.objects(),
            api.complete(),
            api.settling(),
            api.problems(),
            api.notices(),
            api.unsupported(),
            Optional.of(new ClusterState(node, namespaces, byPath, podNamespaces)));
    return new Observed(here, new CgroupSnapshot(cgroups, List.of()), inForce, Optional.empty());
  }

  private static Cgroup cgroup(String path, Optional<Long> parent, long id) {
    return new Cgroup(new CgroupId(id), parent.map(CgroupId::new), path);
  }

  private static PodFacts facts(
      Pod pod, NodeFacts node, SortedMap<String, NamespaceFacts> namespaces) {
    return new PodFacts(
        pod.namespace(),
        pod.name(),
        pod.uid(),
        pod.labels(),
        Map.of(),
        "default",
        node.name(),
        namespaces.getOrDefault(pod.namespace(), new NamespaceFacts(pod.namespace(), Map.of())),
        List.of(new ContainerFacts("main", "none", ContainerKind.REGULAR)));
  }

  /** What a kernel makes of it that does everything but what it refuses. */
  private static Execution execution(Desired desired, Set<String> refused) {
    List<Outcome> outcomes = new ArrayList<>();
    SortedMap<MapName, MapInForce> maps = new TreeMap<>();
    Map<MapName, SweepCounts> counts = new TreeMap<>();
    for (StoreMap map : desired.maps().values()) {
      if (refused.contains(map.name().value())) {
        outcomes.add(
            new Outcome.Failed(
                new Step.InstallMap(map),
                new StoreProblem.ForeignPin(
                    Path.of("/sys/fs/bpf/taskstorage", map.bpfName().value()),
                    "made by somebody else",
                    "remove it")));
      } else {
        maps.put(map.name(), new MapInForce(map, true, true));
        counts.put(map.name(), new SweepCounts(tasks(desired, map.name()), 0, 0, 0, 0, 0, 0));
      }
    }
    outcomes.add(
        new Outcome.Done(
            new Step.Sweep(desired.policies()),
            new Outcome.Effect.Swept(new SweepResult(counts, List.of(), 0, 0, 0, 0))));
    return new Execution(outcomes, new InForce(maps, Map.of()));
  }

  /** One task in each cgroup that has a value. */
  private static int tasks(Desired desired, MapName map) {
    int tasks = 0;
    for (DesiredRow row : desired.rows().values()) {
      tasks += row.row().value(map).isPresent() ? 1 : 0;
    }
    return tasks;
  }
}
