package io.taskstorage.cli.status;

import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.api.v1alpha1.PolicyFailure;
import io.taskstorage.api.v1alpha1.PolicyToken;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.cli.status.ClusterStatus.OfMap;
import io.taskstorage.cli.status.ClusterStatus.OfPolicy;
import io.taskstorage.cli.status.StatusReport.Deviation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What is not in line about one policy. Pure. */
final class PolicyFindings {
  private final ClusterStatus cluster;
  private final OfPolicy policy;
  private final Told told;

  private PolicyFindings(ClusterStatus cluster, OfPolicy policy) {
    this.cluster = cluster;
    this.policy = policy;
    this.told = new Told(policy.kind(), policy.namespace(), policy.name());
  }

  static List<Deviation> of(ClusterStatus cluster, OfPolicy policy) {
    return new PolicyFindings(cluster, policy).all();
  }

  private List<Deviation> all() {
    List<Deviation> all = new ArrayList<>();
    Optional<Condition> ready = Told.ready(policy.status().conditions(), policy.generation());
    if (!Told.isTrue(ready)) {
      String reason = Told.reason(ready);
      String message = ready.map(Condition::message).orElse("");
      all.add(told.ofCondition(reason, message, nodes(reason)));
    }
    for (PolicyFailure failure : failures()) {
      if (failure.field() != null) {
        all.add(told.ofField(failure, nodes(failure)));
      }
    }
    return all;
  }

  private List<PolicyFailure> failures() {
    return Objects.requireNonNullElse(policy.status().failures(), List.of());
  }

  /** Where what the condition says is so; nowhere for what holds of the object itself. */
  private Collection<String> nodes(String reason) {
    if (reason.equals(Reason.RECONCILING.wire())) {
      return behind();
    }
    Set<String> nodes = new TreeSet<>();
    failures().stream()
        .filter(failure -> failure.field() == null)
        .map(PolicyFailure::exampleNodes)
        .filter(Objects::nonNull)
        .forEach(nodes::addAll);
    return nodes;
  }

  /** The nodes that are expected to have acted on the policy as it is now, and have not. */
  private Set<String> behind() {
    Set<String> behind = new TreeSet<>();
    OfMap map = cluster.maps().get(policy.map());
    if (map != null) {
      MapFindings.selected(cluster, map).stream()
          .filter(cluster::isAvailable)
          .filter(this::concerns)
          .filter(node -> !hasActed(node, map))
          .forEach(behind::add);
    }
    return behind;
  }

  /** A namespaced policy is acted on only where a pod of its namespace is. */
  private boolean concerns(String node) {
    return policy.namespace().isEmpty()
        || cluster.nodesByNamespace().getOrDefault(policy.namespace(), Set.of()).contains(node);
  }

  private boolean hasActed(String node, OfMap map) {
    NodeStateStatus state = cluster.nodeStates().get(node);
    return state != null
        && MapFindings.on(state, map)
            .flatMap(here -> PolicyToken.of(here, policy.uid()))
            .map(token -> token.generation() == policy.generation())
            .orElse(false);
  }

  /** All nodes that report the failure; those of the status where no node state can be read. */
  private Collection<String> nodes(PolicyFailure failure) {
    Set<String> nodes = new TreeSet<>();
    for (Map.Entry<String, NodeStateStatus> node : cluster.nodeStates().entrySet()) {
      boolean isThere =
          Objects.requireNonNullElse(node.getValue().failures(), List.<NodeFailure>of()).stream()
              .anyMatch(
                  each ->
                      policy.key().equals(each.policy())
                          && Objects.equals(failure.field(), each.field())
                          && Objects.equals(failure.reason(), each.reason()));
      if (isThere) {
        nodes.add(node.getKey());
      }
    }
    return nodes.isEmpty() ? Objects.requireNonNullElse(failure.exampleNodes(), List.of()) : nodes;
  }
}
