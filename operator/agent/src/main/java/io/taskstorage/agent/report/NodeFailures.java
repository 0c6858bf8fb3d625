package io.taskstorage.agent.report;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.DesiredRow;
import io.taskstorage.agent.compute.Resolved;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.Succession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Policies that are refused as a whole, and fields that are zero because their computation failed.
 * Pure.
 *
 * @param rows at most {@link #MAX_ROWS}, refusals first, each part in the order of policy and
 *     field; null where there is none
 * @param omitted how many more there are
 */
record NodeFailures(@Nullable List<NodeFailure> rows, int omitted) {
  static final int MAX_ROWS = 64;

  /** What is counted together. */
  private record Cause(PolicyKey policy, String field) implements Comparable<Cause> {
    private static final Comparator<Cause> ORDER =
        Comparator.comparing((Cause cause) -> cause.policy().toString())
            .thenComparing(Cause::field);

    @Override
    public int compareTo(Cause other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * Of one turn.
   *
   * @param refusals of policies, all of them
   */
  static NodeFailures of(Observed observed, Desired desired, List<Refusal> refusals) {
    List<NodeFailure> rows = new ArrayList<>();
    for (Refusal refusal : refusals) {
      String policy = refusal.key().fullName();
      rows.add(new NodeFailure(policy, null, refusal.reason().wire(), null, null));
    }
    Map<String, String> pods = pods(observed);
    SortedMap<Cause, TreeSet<String>> concerned = new TreeMap<>();
    failingRows(desired)
        .forEach(
            (row, causes) ->
                causes.forEach(
                    cause -> {
                      TreeSet<String> of = concerned.computeIfAbsent(cause, _ -> new TreeSet<>());
                      Optional.ofNullable(pods.get(row.cgroup().path())).ifPresent(of::add);
                    }));
    concerned.forEach(
        (cause, names) ->
            rows.add(
                new NodeFailure(
                    cause.policy().toString(),
                    cause.field(),
                    Reason.EVALUATION_ERROR.wire(),
                    names.size(),
                    names.isEmpty() ? null : names.first())));
    int omitted = Math.max(0, rows.size() - MAX_ROWS);
    return new NodeFailures(
        rows.isEmpty() ? null : rows.stream().limit(MAX_ROWS).toList(), omitted);
  }

  /** The policies of which a value could not be computed for some cgroup. */
  static Set<ObjectKey> failing(Desired desired) {
    return failingRows(desired).values().stream()
        .flatMap(causes -> causes.stream().map(Cause::policy).map(Succession::key))
        .collect(Collectors.toSet());
  }

  /** The rows in which a field is zero because it could not be computed, and which fields. */
  private static IdentityHashMap<DesiredRow, List<Cause>> failingRows(Desired desired) {
    // Many rows mean the same.
    IdentityHashMap<Resolved, List<Cause>> known = new IdentityHashMap<>();
    IdentityHashMap<DesiredRow, List<Cause>> rows = new IdentityHashMap<>();
    for (DesiredRow row : desired.rows().values()) {
      List<Cause> causes = known.computeIfAbsent(row.resolved(), NodeFailures::failing);
      if (!causes.isEmpty()) {
        rows.put(row, causes);
      }
    }
    return rows;
  }

  private static List<Cause> failing(Resolved resolved) {
    return resolved.explanations().values().stream()
        .flatMap(List::stream)
        .filter(explanation -> !explanation.zeroBecause().isEmpty())
        .flatMap(
            explanation ->
                explanation.winner().stream()
                    .map(winner -> new Cause(winner.policy(), explanation.field())))
        .toList();
  }

  /** The pod, {@code namespace/name}, of each cgroup of pods and containers. */
  private static Map<String, String> pods(Observed observed) {
    Map<String, String> pods = new HashMap<>();
    observed
        .api()
        .cluster()
        .map(ClusterState::pods)
        .ifPresent(
            known ->
                known.forEach(
                    (path, pod) -> {
                      pods.put(path, name(pod));
                      pod.containerCgroups().values().forEach(each -> pods.put(each, name(pod)));
                    }));
    return pods;
  }

  private static String name(PodOnNode pod) {
    return pod.pod().namespace() + "/" + pod.pod().name();
  }
}
