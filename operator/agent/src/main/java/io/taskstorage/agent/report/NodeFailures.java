package io.taskstorage.agent.report;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.DesiredRow;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.policy.Explanation;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.Succession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
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
  private record Cause(String policy, String field) implements Comparable<Cause> {
    private static final Comparator<Cause> ORDER =
        Comparator.comparing(Cause::policy).thenComparing(Cause::field);

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
    for (DesiredRow row : desired.rows().values()) {
      for (List<Explanation> explanations : row.explanations().values()) {
        for (Explanation explanation : explanations) {
          failing(explanation)
              .ifPresent(
                  policy -> {
                    TreeSet<String> of =
                        concerned.computeIfAbsent(
                            new Cause(policy.toString(), explanation.field()),
                            _ -> new TreeSet<>());
                    Optional.ofNullable(pods.get(row.cgroup().path())).ifPresent(of::add);
                  });
        }
      }
    }
    concerned.forEach(
        (cause, names) ->
            rows.add(
                new NodeFailure(
                    cause.policy(),
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
    Set<ObjectKey> failing = new HashSet<>();
    for (DesiredRow row : desired.rows().values()) {
      for (List<Explanation> explanations : row.explanations().values()) {
        explanations.forEach(
            explanation -> failing(explanation).map(Succession::key).ifPresent(failing::add));
      }
    }
    return failing;
  }

  private static Optional<PolicyKey> failing(Explanation explanation) {
    return explanation.zeroBecause().isEmpty()
        ? Optional.empty()
        : explanation.winner().map(Explanation.Candidate::policy);
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
