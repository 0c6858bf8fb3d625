package io.taskstorage.e2e.node;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.e2e.node.World.ContainerSpec;
import io.taskstorage.e2e.node.World.PodSpec;
import io.taskstorage.policy.Acceptance;
import io.taskstorage.policy.AcceptanceInput;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.AcceptedSet;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PodFacts;
import io.taskstorage.policy.Resolution;
import io.taskstorage.policy.ResolvedValue;
import io.taskstorage.policy.SubjectFacts;
import io.taskstorage.policy.SubjectMatcher;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What each subject of a world carries, computed for it alone: no tree is walked, nothing is
 * inherited from a row, no other subject is looked at.
 */
final class Alone {
  private final Collection<AcceptedPolicy> policies;
  private final SortedMap<String, AcceptedMap> maps = new TreeMap<>();
  private final NodeFacts node;
  private final SortedMap<String, SortedMap<String, String>> values = new TreeMap<>();

  private Alone(AcceptedSet accepted, NodeFacts node) {
    this.policies = accepted.acceptedPolicies();
    this.node = node;
    accepted
        .acceptedMaps()
        .forEach(
            (name, map) -> {
              if (map.selects(node)) {
                maps.put(name, map);
              }
            });
  }

  /** Per cgroup that carries something, the bytes of each map in hexadecimal. */
  static SortedMap<String, SortedMap<String, String>> values(
      World world, Collection<? extends HasMetadata> objects) {
    AcceptedSet accepted =
        Acceptance.of(
            new AcceptanceInput(
                of(objects, TaskStorageMap.class),
                of(objects, ClusterTaskStoragePolicy.class),
                of(objects, TaskStoragePolicy.class),
                Facts.namespaces(world),
                Map.of()));
    Alone alone = new Alone(accepted, Facts.node(world));
    world.hostCgroups().forEach(alone::host);
    for (PodSpec spec : world.podsHere()) {
      PodFacts pod = Facts.pod(world, spec);
      alone.put(spec.cgroup(), new SubjectFacts.Pod(pod));
      for (ContainerSpec container : spec.containers()) {
        alone.put(
            spec.cgroupOf(container), new SubjectFacts.Container(pod, Facts.container(container)));
      }
    }
    return alone.values;
  }

  private static <T> List<T> of(Collection<? extends HasMetadata> objects, Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private void put(String cgroup, SubjectFacts facts) {
    put(
        cgroup,
        Resolution.resolve(SubjectMatcher.selecting(policies, facts, node), maps, facts, node));
  }

  /** A cgroup is selected by what names it or any cgroup above it; the nearest one counts. */
  private void host(String cgroup) {
    SequencedMap<AcceptedPolicy, SubjectFacts> selecting = new LinkedHashMap<>();
    for (int end = cgroup.indexOf('/', 1); ; end = cgroup.indexOf('/', end + 1)) {
      SubjectFacts facts = new SubjectFacts.HostCgroup(end < 0 ? cgroup : cgroup.substring(0, end));
      SubjectMatcher.selecting(policies, facts, node)
          .forEach(policy -> selecting.put(policy, facts));
      if (end < 0) {
        break;
      }
    }
    put(
        cgroup,
        Resolution.resolve(
            selecting.keySet(),
            maps,
            policy -> selecting.getOrDefault(policy, new SubjectFacts.HostCgroup(cgroup)),
            node));
  }

  private void put(String cgroup, SortedMap<String, ResolvedValue> resolved) {
    resolved.forEach(
        (map, value) ->
            values.computeIfAbsent(cgroup, _ -> new TreeMap<>()).put(map, value.value().toHex()));
  }
}
