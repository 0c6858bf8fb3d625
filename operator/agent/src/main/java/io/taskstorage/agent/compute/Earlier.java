package io.taskstorage.agent.compute;

import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.policy.Explanation;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.SubjectFacts;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was known when this turn began: tells a row that comes too late for its tasks from one that
 * is there because something else has changed.
 *
 * <p>A value is overdue where every policy that decides it was in force already, unchanged, and
 * what the cgroup is was not known: it came after the policies, or while no agent looked. A cgroup
 * that was known as what it is, without the value, has it now because labels or other policies have
 * changed.
 */
final class Earlier {
  /** Nothing was in force. */
  static final Earlier NOTHING = new Earlier(Set.of(), Optional.empty());

  private final Set<PolicyKey> policies;
  private final Set<CgroupId> cgroups;
  private final SortedMap<String, PodOnNode> pods;
  private final Set<String> containers;

  /**
   * What was known.
   *
   * @param policies those in force as they are now
   * @param last the observation of this process's turn before; empty = this is the first one. One
   *     with more to come tells nothing: what it shows of a pod may be half of it
   */
  Earlier(Set<PolicyKey> policies, Optional<Observed> last) {
    Optional<Observed> settled = last.filter(observed -> !observed.api().settling());
    this.policies = Set.copyOf(policies);
    this.cgroups =
        settled
            .map(
                observed ->
                    observed.cgroups().cgroups().stream()
                        .map(Cgroup::id)
                        .collect(Collectors.toUnmodifiableSet()))
            .orElse(Set.of());
    this.pods =
        settled
            .flatMap(observed -> observed.api().cluster())
            .map(ClusterState::pods)
            .orElseGet(TreeMap::new);
    this.containers =
        pods.values().stream()
            .flatMap(known -> known.containerCgroups().values().stream())
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether it was known what this cgroup is. */
  boolean isKnown(Cgroup cgroup, SubjectFacts facts) {
    return cgroups.contains(cgroup.id())
        && switch (facts) {
          case SubjectFacts.HostCgroup _ -> true;
          case SubjectFacts.Pod(var pod) ->
              Optional.ofNullable(pods.get(cgroup.path()))
                  .filter(known -> known.pod().uid().equals(pod.uid()))
                  .isPresent();
          case SubjectFacts.Container _ -> containers.contains(cgroup.path());
        };
  }

  /** Whether all that decides a value was in force. */
  boolean wasInForce(Collection<Explanation> value) {
    List<PolicyKey> deciding =
        value.stream()
            .flatMap(explanation -> explanation.winner().stream())
            .map(Explanation.Candidate::policy)
            .toList();
    return !deciding.isEmpty() && policies.containsAll(deciding);
  }
}
