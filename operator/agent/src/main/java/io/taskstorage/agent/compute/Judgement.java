package io.taskstorage.agent.compute;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.InForce.MapInForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.Succession;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.StoreMap;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the objects mean on this node, whichever cgroups it has: to judge them parses every
 * expression, so it is done once for the same objects.
 */
final class Judgement {
  private final Given given;
  private final Succession succession;
  private final SortedMap<MapName, StoreMap> maps = new TreeMap<>();
  private final Rules rules;
  private final PolicyWords words;

  /**
   * All that it follows from.
   *
   * @param written the objects as they are now
   * @param before the versions that were accepted last
   * @param bpfNames of the maps that are here, by their names
   * @param isInCluster whether an API server counts generations
   */
  private record Given(
      Map<ObjectKey, HasMetadata> written,
      Map<ObjectKey, HasMetadata> before,
      Map<String, NamespaceFacts> namespaces,
      Map<String, String> bpfNames,
      NodeFacts node,
      boolean isInCluster) {
    static Given of(Observed observed, NodeFacts node, LastAccepted before) {
      Map<String, String> bpfNames = new HashMap<>();
      for (MapInForce known : observed.inForce().maps().values()) {
        bpfNames.put(known.map().name().value(), known.map().bpfName().value());
      }
      ApiState api = observed.api();
      Map<ObjectKey, HasMetadata> written = new HashMap<>();
      api.objects().values().forEach(origin -> written.put(origin.key(), origin.object()));
      return new Given(
          written,
          before.objects(),
          api.cluster().<Map<String, NamespaceFacts>>map(ClusterState::namespaces).orElse(Map.of()),
          bpfNames,
          // A cluster knows the node's labels better than whoever started the agent.
          api.cluster().map(ClusterState::node).orElse(node),
          api.cluster().isPresent());
    }

    boolean isSame(Given other) {
      return areSame(written, other.written)
          && areSame(before, other.before)
          && namespaces.equals(other.namespaces)
          && bpfNames.equals(other.bpfNames)
          && node.equals(other.node)
          && isInCluster == other.isInCluster;
    }

    /** An object is the same instance while nobody has written it. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean areSame(
        Map<ObjectKey, HasMetadata> some, Map<ObjectKey, HasMetadata> others) {
      return some.size() == others.size()
          && some.entrySet().stream().allMatch(of -> others.get(of.getKey()) == of.getValue());
    }
  }

  private Judgement(Given given) {
    this.given = given;
    this.succession =
        Succession.of(given.written(), given.before(), given.namespaces(), given.bpfNames());
    SortedMap<String, AcceptedMap> onNode = new TreeMap<>();
    succession
        .inForce()
        .acceptedMaps()
        .forEach(
            (name, map) -> {
              if (map.selects(given.node())) {
                onNode.put(name, map);
                maps.put(new MapName(name), storeMap(map));
              }
            });
    List<AcceptedPolicy> policies =
        succession.inForce().acceptedPolicies().stream()
            .filter(policy -> onNode.containsKey(policy.map()))
            .toList();
    this.rules = new Rules(policies, onNode, given.node());
    this.words = new PolicyWords(policies, succession.accepted(), given.isInCluster());
  }

  /**
   * Judges the objects.
   *
   * @param node this node, where no cluster tells of it
   * @param before what was accepted in the turn before
   * @param last is taken over where all that it follows from is the same
   */
  static Judgement of(
      Observed observed, NodeFacts node, LastAccepted before, Optional<Judgement> last) {
    Given given = Given.of(observed, node, before);
    return last.filter(known -> known.given.isSame(given)).orElseGet(() -> new Judgement(given));
  }

  /** This node. */
  NodeFacts node() {
    return given.node();
  }

  /** Which objects count. */
  Succession succession() {
    return succession;
  }

  /** The maps that this node gets. */
  SortedMap<MapName, StoreMap> maps() {
    return Collections.unmodifiableSortedMap(maps);
  }

  /** What decides values here. */
  Rules rules() {
    return rules;
  }

  /** A word for each policy of {@link #rules}. */
  PolicyWords words() {
    return words;
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
