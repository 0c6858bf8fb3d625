package io.taskstorage.e2e.controller;

import io.taskstorage.simulator.SimulatedNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Events as they happen in a cluster, drawn by chance from a seed. */
final class Chance {
  private static final List<String> NAMESPACES = List.of("shop", "lab");
  private static final List<String> MAPS = List.of("ctx-a", "ctx-b");

  private final Cluster cluster;
  private final Random random;
  private final Set<String> stopped = new HashSet<>();
  private final Set<String> late = new HashSet<>();
  private int pods;
  private int nodes;

  Chance(Cluster cluster, long seed, int nodes) {
    this.cluster = cluster;
    this.random = new Random(seed);
    this.nodes = nodes;
  }

  /** What there is at the beginning. */
  void begin() {
    NAMESPACES.forEach(cluster::createNamespace);
    cluster.apply(Cluster.map("ctx-a", "0"));
    cluster.apply(Cluster.clusterPolicy("tenants", "ctx-a", "Admin", "tenant_id", 1));
    cluster.apply(Cluster.policy("shop", "checkout", "ctx-a", 1));
    for (int i = 0; i < nodes; i++) {
      addPod();
    }
  }

  /** One event; returns what it was. */
  String next() {
    int kind = random.nextInt(16);
    return switch (kind) {
      case 0, 1 -> addPod();
      case 2, 3 -> removePod();
      case 4 -> map();
      case 5, 6 -> clusterPolicy();
      case 7, 8 -> policy();
      case 9 -> remove();
      case 10 -> stopOrStart();
      case 11 -> muteOrUnmute();
      case 12 -> refuseOrMend();
      case 13 -> nodeReady();
      case 14 -> relabel();
      default -> replaceNode();
    };
  }

  /** Whoever is late goes on: what else is wrong stays. */
  void settle() {
    late.forEach(name -> cluster.simulator().node(name).unmute());
    late.clear();
  }

  private String addPod() {
    SimulatedNode node = node();
    String namespace = one(NAMESPACES);
    String pod = "pod-" + ++pods;
    node.addPod(namespace, pod, Map.of("app", one(List.of("a", "b"))));
    return "pod " + namespace + "/" + pod + " on " + node.name();
  }

  private String removePod() {
    SimulatedNode node = node();
    List<String> all = node.pods();
    if (all.isEmpty()) {
      return "nothing";
    }
    String pod = one(all);
    node.removePod(pod.substring(0, pod.indexOf('/')), pod.substring(pod.indexOf('/') + 1));
    return "no pod " + pod;
  }

  private String map() {
    String map = one(MAPS);
    String failing = one(List.of("0", "1", "\"50%\""));
    cluster.apply(Cluster.map(map, failing));
    return "map " + map + " may fail on " + failing;
  }

  private String clusterPolicy() {
    String name = one(List.of("tenants", "rest"));
    String tier = one(List.of("Admin", "Baseline"));
    String field = one(List.of("tenant_id", "qos"));
    cluster.apply(Cluster.clusterPolicy(name, one(MAPS), tier, field, random.nextInt(100)));
    return "cluster policy " + name + " of tier " + tier + " for " + field;
  }

  private String policy() {
    String namespace = one(NAMESPACES);
    // Some values do not fit the field: such a policy is refused.
    int value = random.nextInt(300);
    cluster.apply(Cluster.policy(namespace, "checkout", one(MAPS), value));
    return "policy of " + namespace + " with " + value;
  }

  private String remove() {
    switch (random.nextInt(3)) {
      case 0 -> cluster.deleteMap("ctx-b");
      case 1 -> cluster.deleteClusterPolicy("rest");
      default -> cluster.deletePolicy("lab", "checkout");
    }
    return "an object goes";
  }

  private String stopOrStart() {
    SimulatedNode node = node();
    if (stopped.remove(node.name())) {
      node.startAgent();
      return node.name() + ": agent starts";
    }
    node.stopAgent();
    stopped.add(node.name());
    return node.name() + ": agent ends";
  }

  private String muteOrUnmute() {
    SimulatedNode node = node();
    if (late.remove(node.name())) {
      node.unmute();
      return node.name() + ": agent is no longer late";
    }
    node.mute();
    late.add(node.name());
    return node.name() + ": agent is late";
  }

  private String refuseOrMend() {
    SimulatedNode node = node();
    if (random.nextBoolean()) {
      node.mend();
      return node.name() + ": kernel takes all";
    }
    node.refuse("ctx-a");
    return node.name() + ": kernel refuses ctx-a";
  }

  private String nodeReady() {
    SimulatedNode node = node();
    boolean ready = random.nextInt(3) > 0;
    node.setReady(ready);
    return node.name() + (ready ? ": Ready" : ": not Ready");
  }

  private String relabel() {
    SimulatedNode node = node();
    String pool = one(List.of("tenants", "tenants", "system"));
    node.label(Map.of("pool", pool));
    return node.name() + ": pool " + pool;
  }

  private String replaceNode() {
    SimulatedNode gone = node();
    stopped.remove(gone.name());
    late.remove(gone.name());
    cluster.simulator().removeNode(gone.name());
    // Sometimes another machine has the name of the one that is gone.
    String name = random.nextBoolean() ? gone.name() : Cluster.name(++nodes);
    cluster.simulator().addNode(name, Map.of("pool", "tenants"));
    return gone.name() + " goes, " + name + " comes";
  }

  private SimulatedNode node() {
    List<SimulatedNode> all = new ArrayList<>(cluster.simulator().nodes());
    all.sort(Comparator.comparing(SimulatedNode::name));
    return all.get(random.nextInt(all.size()));
  }

  private <T> T one(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
