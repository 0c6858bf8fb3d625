package io.taskstorage.cli.status;

import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.ReasonScope;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.cli.status.ClusterStatus.OfMap;
import io.taskstorage.cli.status.StatusReport.Deviation;
import io.taskstorage.policy.LabelSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is not in line about one map. Pure. */
final class MapFindings {
  private final ClusterStatus cluster;
  private final OfMap map;
  private final Told told;
  private final SortedMap<String, Set<String>> failed = new TreeMap<>();
  private final Set<String> lacking = new TreeSet<>();
  private final Set<String> behind = new TreeSet<>();
  private long tasks;

  private MapFindings(ClusterStatus cluster, OfMap map) {
    this.cluster = cluster;
    this.map = map;
    this.told = new Told(TaskStorageMap.KIND, "", map.name());
  }

  static List<Deviation> of(ClusterStatus cluster, OfMap map) {
    MapFindings findings = new MapFindings(cluster, map);
    cluster.nodeStates().forEach(findings::ask);
    selected(cluster, map).stream().filter(findings::isBehind).forEach(findings.behind::add);
    return findings.all();
  }

  /** The nodes that get the map. */
  static List<String> selected(ClusterStatus cluster, OfMap map) {
    return cluster.nodes().entrySet().stream()
        .filter(node -> LabelSelection.selects(map.nodeSelector(), node.getValue().labels()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** What a node says of the map with this uid. */
  static Optional<NodeMap> on(NodeStateStatus node, OfMap map) {
    return Objects.requireNonNullElse(node.maps(), List.<NodeMap>of()).stream()
        .filter(each -> map.uid().equals(each.uid()))
        .findFirst();
  }

  private void ask(String name, NodeStateStatus node) {
    Optional<NodeMap> here = on(node, map);
    if (here.isEmpty()) {
      return;
    }
    NodeMap said = here.get();
    if (!NodeMap.PROGRAMMED.equals(said.state()) && !NodeMap.REMOVING.equals(said.state())) {
      String reason = Objects.requireNonNullElse(said.reason(), Reason.NODES_FAILED.wire());
      failed.computeIfAbsent(reason, _ -> new TreeSet<>()).add(name);
    }
    long without = lacking(said.entries());
    if (without > 0) {
      lacking.add(name);
      tasks += without;
    }
  }

  private static long lacking(@Nullable EntryCounts entries) {
    return entries == null ? 0 : Objects.requireNonNullElse(entries.failed(), 0L);
  }

  /** True if the node is expected to have acted on the map as it is now, and has not. */
  private boolean isBehind(String node) {
    if (!cluster.isAvailable(node)) {
      return false;
    }
    NodeStateStatus state = cluster.nodeStates().get(node);
    Optional<NodeMap> here = state == null ? Optional.empty() : on(state, map);
    return here.map(NodeMap::generation)
        .map(generation -> generation != map.generation())
        .orElse(true);
  }

  private List<Deviation> all() {
    List<Deviation> all = new ArrayList<>();
    Optional<Condition> ready = Told.ready(map.status().conditions(), map.generation());
    String reason = Told.reason(ready);
    boolean isSaidByNodes =
        (reason.equals(Reason.NODES_FAILED.wire()) && !failed.isEmpty())
            || Reason.ofWire(reason).map(Reason::scope).orElse(null) == ReasonScope.NODE;
    if (!Told.isTrue(ready) && !isSaidByNodes) {
      String message = ready.map(Condition::message).orElse("");
      boolean isUnderWay = reason.equals(Reason.RECONCILING.wire());
      all.add(told.ofCondition(reason, message, isUnderWay ? behind : List.of()));
    } else if (Told.isTrue(ready) && !behind.isEmpty()) {
      all.add(told.ofNodes(Reason.RECONCILING.wire(), behind));
    }
    failed.forEach((why, nodes) -> all.add(told.ofNodes(why, nodes)));
    if (tasks > 0) {
      all.add(told.ofTasks(Reason.ENTRIES_FAILED.wire(), lacking, tasks));
    }
    return all;
  }
}
