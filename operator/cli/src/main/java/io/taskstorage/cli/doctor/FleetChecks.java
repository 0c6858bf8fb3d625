package io.taskstorage.cli.doctor;

import io.taskstorage.api.v1alpha1.NodeAgent;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.cli.status.ClusterStatus;
import io.taskstorage.cli.status.ClusterStatus.OfNode;
import io.taskstorage.console.Fact;
import io.taskstorage.console.Finding;
import io.taskstorage.console.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What nodes and their agents say. Pure. */
final class FleetChecks {
  private static final int MAX_NAMED = 5;

  /** Absent from a node state where an agent cannot reach threads. */
  private static final String THREADS = "ThreadPidfd";

  private final ClusterStatus cluster;
  private final List<String> nodes;

  FleetChecks(ClusterStatus cluster) {
    this.cluster = cluster;
    this.nodes =
        cluster.nodes().entrySet().stream()
            .filter(node -> canHaveAgent(node.getValue()))
            .map(Map.Entry::getKey)
            .toList();
  }

  private static boolean canHaveAgent(OfNode node) {
    return node.ready() && !"windows".equals(node.labels().get("kubernetes.io/os"));
  }

  /** Whether every node that is Ready has an agent that is. */
  Finding agents() {
    if (cluster.agents().isEmpty()) {
      return new Finding.Unknown(String.join("; ", cluster.unread()));
    }
    if (nodes.isEmpty()) {
      return new Finding.No("no node is Ready", "see kubectl get nodes");
    }
    Set<String> ready = cluster.agents().get();
    List<String> without = nodes.stream().filter(node -> !ready.contains(node)).toList();
    return without.isEmpty()
        ? new Finding.Yes("one is Ready on every Ready node, %d of them".formatted(nodes.size()))
        : new Finding.No("none is Ready on " + some(without), Reason.AGENT_NOT_READY.mend());
  }

  /** Whether there is a node state for each of these agents, and its agent has written it. */
  Finding reports() {
    Set<String> ready = cluster.agents().orElse(Set.of());
    List<String> silent =
        nodes.stream().filter(ready::contains).filter(node -> !hasReported(node)).toList();
    return silent.isEmpty()
        ? new Finding.Yes("every Ready agent has reported")
        : new Finding.No(
            "the Ready agent has not reported on " + some(silent),
            "wait; if it stays, see the rights and the leader above, and the agent's log");
  }

  private boolean hasReported(String node) {
    NodeStateStatus state = cluster.nodeStates().get(node);
    return state != null && state.agent() != null;
  }

  /** Why nodes have the start-up taint still; empty if none has it. */
  Optional<Finding> startupTaint() {
    SortedMap<String, List<String>> kept = new TreeMap<>();
    cluster
        .nodes()
        .forEach(
            (name, node) -> {
              if (node.startupTaint()) {
                kept.computeIfAbsent(whyKept(name, node), _ -> new ArrayList<>()).add(name);
              }
            });
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding.No(
            kept.entrySet().stream()
                .map(each -> "%s: %s".formatted(each.getKey(), some(each.getValue())))
                .collect(Collectors.joining("; ", "keeps pods from nodes; ", "")),
            "see agents and reports above; where both are well, the controller takes it away if it"
                + " has --startup-taint"));
  }

  private String whyKept(String name, OfNode node) {
    NodeStateStatus state = cluster.nodeStates().get(name);
    NodeAgent agent = state == null ? null : state.agent();
    if (!node.ready()) {
      return "node not Ready";
    }
    if (cluster.agents().filter(ready -> ready.contains(name)).isEmpty()) {
      return "no Ready agent";
    }
    return node.bootId().isEmpty() || agent == null || !node.bootId().equals(agent.bootID())
        ? "no report of this boot"
        : "the controller has not taken it";
  }

  /** Whether agents reach every thread. */
  Finding threads() {
    List<String> reporting =
        cluster.nodeStates().keySet().stream().filter(this::hasReported).toList();
    List<String> leadersOnly =
        reporting.stream()
            .filter(node -> !features(cluster.nodeStates().get(node)).contains(THREADS))
            .toList();
    if (reporting.isEmpty()) {
      return new Finding.Unknown("no agent has reported");
    }
    return leadersOnly.isEmpty()
        ? new Finding.Yes("each can be given a value, on every node that reports")
        : new Finding.No(
            "%s on %s: %s"
                .formatted(
                    Reason.THREADS_UNREACHABLE.wire(),
                    some(leadersOnly),
                    Reason.THREADS_UNREACHABLE.sentence()),
            Reason.THREADS_UNREACHABLE.mend());
  }

  private static List<String> features(@Nullable NodeStateStatus state) {
    NodeAgent agent = state == null ? null : state.agent();
    return agent == null || agent.features() == null ? List.of() : agent.features();
  }

  /** Versions, kernels and planes, and on how many nodes each is. */
  List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("agents", counted(NodeAgent::version)));
    facts.add(new Fact("kernels", counted(NodeAgent::kernelVersion)));
    facts.add(new Fact("planes", counted(NodeAgent::propagation)));
    return facts;
  }

  private String counted(Function<NodeAgent, @Nullable String> property) {
    SortedMap<String, Integer> counts = new TreeMap<>();
    cluster.nodeStates().values().stream()
        .map(NodeStateStatus::agent)
        .filter(Objects::nonNull)
        .map(property)
        .forEach(
            word -> counts.merge(Objects.requireNonNullElse(word, "unknown"), 1, Integer::sum));
    return counts.isEmpty()
        ? "none reports"
        : counts.entrySet().stream()
            .map(count -> "%s on %d".formatted(count.getKey(), count.getValue()))
            .collect(Collectors.joining(", "));
  }

  /** The first few of these names, and how many more there are. */
  static String some(Collection<String> names) {
    return Names.shortened(names, MAX_NAMED);
  }
}
