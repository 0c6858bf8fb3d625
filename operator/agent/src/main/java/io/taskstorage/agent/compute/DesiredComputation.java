package io.taskstorage.agent.compute;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.InForce.MapInForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.AcceptedSet;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.Subject;
import io.taskstorage.policy.Succession;
import io.taskstorage.policy.Verdict;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.StoreMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a node should hold, from what it observed. Pure. */
public final class DesiredComputation {
  private final Observed observed;
  private final NodeFacts node;
  private final Succession succession;
  private final Optional<Observed> last;

  private DesiredComputation(
      Observed observed, NodeFacts node, Succession succession, Optional<Observed> last) {
    this.last = last;
    this.observed = observed;
    this.node = node;
    this.succession = succession;
  }

  /**
   * Judges the objects, selects cgroups and resolves values.
   *
   * @param node this node, where no cluster tells of it
   * @param before what was accepted in the turn before
   */
  public static Desired of(Observed observed, NodeFacts node, LastAccepted before) {
    return of(observed, node, before, Optional.empty());
  }

  /**
   * The same, in a process that has seen the node before.
   *
   * @param last what it has seen in the turn before
   */
  public static Desired of(
      Observed observed, NodeFacts node, LastAccepted before, Optional<Observed> last) {
    Map<String, String> bpfNames = new HashMap<>();
    for (MapInForce known : observed.inForce().maps().values()) {
      bpfNames.put(known.map().name().value(), known.map().bpfName().value());
    }
    ApiState api = observed.api();
    Map<ObjectKey, HasMetadata> written = new HashMap<>();
    api.objects().values().forEach(origin -> written.put(origin.key(), origin.object()));
    Map<String, NamespaceFacts> namespaces =
        api.cluster().<Map<String, NamespaceFacts>>map(ClusterState::namespaces).orElse(Map.of());
    Succession succession = Succession.of(written, before.objects(), namespaces, bpfNames);
    // A cluster knows the node's labels better than whoever started the agent.
    NodeFacts known = api.cluster().map(ClusterState::node).orElse(node);
    return new DesiredComputation(observed, known, succession, last).desired();
  }

  private Desired desired() {
    SortedMap<String, AcceptedMap> onNode = new TreeMap<>();
    SortedMap<MapName, StoreMap> maps = new TreeMap<>();
    succession
        .inForce()
        .acceptedMaps()
        .forEach(
            (name, map) -> {
              if (map.selects(node)) {
                onNode.put(name, map);
                maps.put(new MapName(name), storeMap(map));
              }
            });
    List<AcceptedPolicy> policies =
        succession.inForce().acceptedPolicies().stream()
            .filter(policy -> onNode.containsKey(policy.map()))
            .toList();
    Map<MapName, Set<String>> inForce = observed.inForce().policies();
    boolean isComplete = observed.api().complete();
    boolean isInCluster = observed.api().cluster().isPresent();
    PolicyWords words = new PolicyWords(policies, succession.accepted(), isInCluster);
    RowComputation rows =
        RowComputation.of(
            observed.cgroups(),
            observed.api().cluster(),
            policies,
            onNode,
            node,
            new Earlier(words.among(inForce), last));
    return new Desired(
        maps,
        rows.rows(),
        observed.api().settling()
            ? stillInForce(maps.keySet())
            // A policy that is not known yet is not one that has gone.
            : words.of(maps.keySet(), isComplete ? Map.of() : inForce),
        held(maps.keySet()),
        isComplete,
        observed.cgroups().unreadable().isEmpty(),
        judged(rows),
        new LastAccepted(succession.accepted()));
  }

  /** With more to come, nothing counts as in force that was not before: half of it may be there. */
  private SortedMap<MapName, Set<String>> stillInForce(Set<MapName> maps) {
    SortedMap<MapName, Set<String>> words = new TreeMap<>(observed.inForce().policies());
    words.keySet().retainAll(maps);
    return words;
  }

  /** Maps whose object is there, refused or not known, and was never accepted by this process. */
  private Set<MapName> held(Set<MapName> wanted) {
    Set<MapName> held = new HashSet<>();
    succession
        .inForce()
        .maps()
        .forEach(
            (name, verdict) -> {
              // A refused object may have a name that no map of the store can have.
              boolean isRefused = verdict instanceof Verdict.Refused<AcceptedMap>;
              observed.inForce().maps().keySet().stream()
                  .filter(
                      known -> isRefused && known.value().equals(name) && !wanted.contains(known))
                  .forEach(held::add);
            });
    observed
        .api()
        .unsupported()
        .forEach(
            object ->
                observed.inForce().maps().keySet().stream()
                    .filter(known -> object.key().equals(Succession.key(known.value())))
                    .filter(known -> !wanted.contains(known))
                    .forEach(held::add));
    return held;
  }

  private List<Judged> judged(RowComputation rows) {
    List<Judged> judged = new ArrayList<>();
    AcceptedSet told = succession.told();
    told.maps()
        .forEach(
            (name, verdict) -> {
              ObjectKey key = Succession.key(name);
              AcceptedMap map = succession.inForce().acceptedMaps().get(name);
              judged.add(
                  new Judged.OfMap(
                      key,
                      verdict,
                      succession.staysEarlier(key),
                      map != null && map.selects(node)));
            });
    told.policies()
        .forEach(
            (policy, verdict) -> {
              ObjectKey key = Succession.key(policy);
              boolean earlier = succession.staysEarlier(key);
              boolean isUnseen =
                  observed.api().cluster().isEmpty()
                      && verdict
                          instanceof
                          Verdict.Accepted<AcceptedPolicy>(AcceptedPolicy accepted, var _)
                      && accepted.subject() instanceof Subject.Pods;
              judged.add(
                  isUnseen
                      ? new Judged.OfPods(key, verdict, earlier)
                      : new Judged.OfPolicy(key, verdict, earlier, rows.reach(policy)));
            });
    return judged;
  }

  private static StoreMap storeMap(AcceptedMap map) {
    Reclaim reclaim =
        switch (map.reclaim()) {
          case DELETE -> Reclaim.DELETE;
          case RETAIN -> Reclaim.RETAIN;
        };
    return new StoreMap(new MapName(map.name()), new BpfName(map.bpfName()), map.layout(), reclaim);
  }
}
