package io.taskstorage.cli.status;

import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.cli.status.ClusterStatus.OfMap;
import io.taskstorage.cli.status.ClusterStatus.OfPolicy;
import io.taskstorage.cli.status.StatusReport.Deviation;
import io.taskstorage.cli.status.StatusReport.MapLine;
import io.taskstorage.cli.status.StatusReport.PolicyCounts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Compares what objects ask with what nodes have done. Pure. */
public final class StatusComputation {
  private static final Set<Reason> WORTH_A_LOOK =
      Set.of(Reason.PARTIALLY_PROGRAMMED, Reason.OVERRIDDEN, Reason.NO_MATCH);

  private final ClusterStatus cluster;
  private final Collection<OfMap> maps;
  private final List<OfPolicy> policies;

  private StatusComputation(ClusterStatus cluster, Optional<String> map) {
    this.cluster = cluster;
    this.maps =
        cluster.maps().values().stream()
            .filter(each -> map.map(each.name()::equals).orElse(true))
            .toList();
    this.policies =
        cluster.policies().stream()
            .filter(each -> map.map(each.map()::equals).orElse(true))
            .toList();
  }

  /**
   * The report.
   *
   * @param map tells only of this map, of the policies that are for it and the nodes that get it
   */
  public static StatusReport of(ClusterStatus cluster, Optional<String> map) {
    return new StatusComputation(cluster, map).report();
  }

  private StatusReport report() {
    List<Deviation> deviations = new ArrayList<>(ofNodes());
    maps.forEach(map -> deviations.addAll(MapFindings.of(cluster, map)));
    policies.forEach(policy -> deviations.addAll(PolicyFindings.of(cluster, policy)));
    List<String> notes = new ArrayList<>(cluster.unread());
    policies.forEach(policy -> note(policy).ifPresent(notes::add));
    return new StatusReport(maps.stream().map(this::line).toList(), deviations, notes);
  }

  /** Nodes on which nothing can be expected. */
  private List<Deviation> ofNodes() {
    SortedSet<String> wanted = new TreeSet<>();
    maps.forEach(map -> wanted.addAll(MapFindings.selected(cluster, map)));
    Told told = new Told("Node", "", "");
    List<String> notReady = wanted.stream().filter(node -> !isReady(node)).toList();
    List<String> withoutAgent =
        wanted.stream().filter(node -> isReady(node) && !cluster.isAvailable(node)).toList();
    List<Deviation> deviations = new ArrayList<>();
    if (!notReady.isEmpty()) {
      deviations.add(told.ofNodes(Reason.NODE_NOT_READY.wire(), notReady));
    }
    if (!withoutAgent.isEmpty()) {
      deviations.add(told.ofNodes(Reason.AGENT_NOT_READY.wire(), withoutAgent));
    }
    return deviations;
  }

  private boolean isReady(String node) {
    ClusterStatus.OfNode known = cluster.nodes().get(node);
    return known != null && known.ready();
  }

  private MapLine line(OfMap map) {
    List<OfPolicy> its =
        policies.stream().filter(policy -> policy.map().equals(map.name())).toList();
    return new MapLine(
        map.name(),
        Told.isTrue(Told.ready(map.status().conditions(), map.generation())),
        map.status().nodes(),
        new PolicyCounts((int) its.stream().filter(StatusComputation::isReady).count(), its.size()),
        map.status().entries());
  }

  private static boolean isReady(OfPolicy policy) {
    return Told.isTrue(Told.ready(policy.status().conditions(), policy.generation()));
  }

  /** What is as it was asked for, and perhaps not as it was meant. */
  private static Optional<String> note(OfPolicy policy) {
    Optional<Condition> ready = Told.ready(policy.status().conditions(), policy.generation());
    return Told.isTrue(ready)
        ? Reason.ofWire(Told.reason(ready))
            .filter(WORTH_A_LOOK::contains)
            .map(
                reason ->
                    "%s %s: %s: %s"
                        .formatted(
                            policy.kind(),
                            policy.key(),
                            reason.wire(),
                            ready.map(Condition::message).orElse(reason.sentence())))
        : Optional.empty();
  }
}
