package io.taskstorage.controller.world;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A second, plain implementation of how a status is counted: it reads the API's own types, splits
 * tokens by hand, and shares nothing with the one under test but what is accepted.
 */
public final class Oracle {

  /**
   * What it says of one accepted object.
   *
   * @param ready status of condition Ready
   * @param reason its reason
   * @param stalled status of condition Stalled
   * @param programmedGeneration to be recorded
   * @param counts desired or expected, programmed, pending, failed, unavailable
   * @param failures how many nodes, by {@code reason} or {@code reason/field}
   */
  public record Opinion(
      String ready,
      String reason,
      String stalled,
      @Nullable Long programmedGeneration,
      List<Integer> counts,
      Map<String, Integer> failures) {}

  /** How the nodes fare; one list for each way. */
  private static final class Tally {
    final List<String> done = new ArrayList<>();
    final List<String> failed = new ArrayList<>();
    final List<String> waiting = new ArrayList<>();
    final List<String> unavailable = new ArrayList<>();
    final List<String> letters = new ArrayList<>();
    final Map<String, Integer> failures = new TreeMap<>();

    int expected() {
      return done.size() + failed.size() + waiting.size();
    }

    void fail(String node, @Nullable String reason) {
      failed.add(node);
      failures.merge(reason == null ? "NodesFailed" : reason, 1, Integer::sum);
    }
  }

  private final World world;

  /** An oracle of this world. */
  public Oracle(World world) {
    this.world = world;
  }

  /** Of an accepted map. */
  public Opinion ofMap(TaskStorageMap map, @Nullable Long programmedBefore) {
    Tally tally = new Tally();
    for (PlainNode node : world.nodes()) {
      if (!takes(map, node)) {
        continue;
      }
      NodeMap row = row(node, map);
      if (!node.ready() || !node.agentReady()) {
        tally.unavailable.add(node.name());
      } else if (row == null || !map.getMetadata().getGeneration().equals(row.generation())) {
        tally.waiting.add(node.name());
      } else if ("Programmed".equals(row.state())) {
        tally.done.add(node.name());
      } else if ("Removing".equals(row.state())) {
        tally.waiting.add(node.name());
      } else {
        tally.fail(node.name(), row.reason());
      }
    }
    return opinion(tally, map, map.getMetadata().getGeneration(), programmedBefore, false);
  }

  /** Of an accepted policy of the map; a cluster policy has an empty namespace. */
  public Opinion ofPolicy(
      TaskStorageMap map,
      String namespace,
      String name,
      String uid,
      long generation,
      @Nullable Long programmedBefore) {
    Tally tally = new Tally();
    boolean ofThisMap = map.getStatus() != null && map.getStatus().programmedGeneration() != null;
    if (programmedBefore != null && programmedBefore == generation && !ofThisMap) {
      programmedBefore = null;
    }
    boolean recorded = programmedBefore != null && programmedBefore == generation;
    for (PlainNode node : world.nodes()) {
      if (takes(map, node)
          && (namespace.isEmpty() || concerns(node, map, namespace, uid, recorded))) {
        String key = namespace.isEmpty() ? name : namespace + "/" + name;
        ask(node, map, key, uid, generation, tally);
      }
    }
    return opinion(tally, map, generation, programmedBefore, true);
  }

  /**
   * Nodes name the policies of the namespaces whose pods they run. Who has the map and does not,
   * after all have acted once, runs none; of anybody else it counts where the pods are.
   */
  private static boolean concerns(
      PlainNode node, TaskStorageMap map, String namespace, String uid, boolean recorded) {
    NodeMap row = row(node, map);
    if (row != null && row.policies() != null) {
      String begin = uid.replace("-", "").substring(0, 12) + ":";
      if (row.policies().stream().anyMatch(token -> token.startsWith(begin))) {
        return true;
      }
    }
    boolean silent = recorded && row != null && "Programmed".equals(row.state());
    return !silent && node.namespaces().contains(namespace);
  }

  private void ask(
      PlainNode node, TaskStorageMap map, String key, String uid, long generation, Tally tally) {
    if (!node.ready() || !node.agentReady()) {
      tally.unavailable.add(node.name());
      return;
    }
    NodeMap row = row(node, map);
    if (row == null || "Removing".equals(row.state())) {
      tally.waiting.add(node.name());
      return;
    }
    if (!"Programmed".equals(row.state())) {
      if (map.getMetadata().getGeneration().equals(row.generation())) {
        tally.fail(node.name(), row.reason());
      } else {
        tally.waiting.add(node.name());
      }
      return;
    }
    String letters = null;
    String begin = uid.replace("-", "").substring(0, 12) + ":" + generation;
    for (String token : Objects.requireNonNull(row.policies())) {
      if (token.startsWith(begin) && token.substring(begin.length()).matches("[a-z]*")) {
        letters = token.substring(begin.length());
      }
    }
    if (letters == null) {
      tally.waiting.add(node.name());
      return;
    }
    List<NodeFailure> failures =
        Objects.requireNonNull(Objects.requireNonNull(node.state()).failures());
    for (NodeFailure failure : failures) {
      if (key.equals(failure.policy()) && failure.field() == null) {
        tally.fail(node.name(), failure.reason());
        return;
      }
    }
    tally.done.add(node.name());
    tally.letters.add(letters);
    for (NodeFailure failure : failures) {
      if (key.equals(failure.policy())) {
        tally.failures.merge(failure.reason() + "/" + failure.field(), 1, Integer::sum);
      }
    }
  }

  private Opinion opinion(
      Tally tally,
      TaskStorageMap map,
      long generation,
      @Nullable Long programmedBefore,
      boolean ofPolicy) {
    boolean before = programmedBefore != null && programmedBefore == generation;
    String reason = reason(tally, map, before, ofPolicy);
    boolean ready =
        List.of("Programmed", "PartiallyProgrammed", "Overridden", "NoMatch", "SomeNodesFailed")
            .contains(reason);
    boolean pending = ready || before;
    int desired = tally.expected() + tally.unavailable.size();
    List<Integer> counts = new ArrayList<>();
    counts.add(ofPolicy ? tally.expected() : desired);
    counts.add(tally.done.size());
    counts.add(pending ? tally.waiting.size() : 0);
    counts.add(tally.failed.size());
    if (!ofPolicy) {
      counts.add(tally.unavailable.size());
    }
    return new Opinion(
        ready ? "True" : "False",
        reason,
        reason.equals("NodesFailed") ? "True" : "False",
        ready ? Long.valueOf(generation) : programmedBefore,
        counts,
        tally.failures);
  }

  private String reason(Tally tally, TaskStorageMap map, boolean before, boolean ofPolicy) {
    boolean agents = world.nodes().stream().anyMatch(PlainNode::agentReady);
    if (!agents || (tally.expected() == 0 && !tally.unavailable.isEmpty())) {
      return "NoAgents";
    }
    if (tally.expected() == 0) {
      return "NoMatch";
    }
    if (tally.failed.size() > allowed(map, tally.expected())) {
      return "NodesFailed";
    }
    if (!tally.waiting.isEmpty() && !before) {
      return "Reconciling";
    }
    if (!tally.failed.isEmpty()) {
      return "SomeNodesFailed";
    }
    if (!ofPolicy) {
      return "Programmed";
    }
    List<String> selecting = tally.letters.stream().filter(l -> l.contains("m")).toList();
    if (selecting.isEmpty()) {
      return tally.unavailable.isEmpty() ? "NoMatch" : "Programmed";
    }
    if (selecting.stream().allMatch(l -> l.contains("z"))) {
      return "Overridden";
    }
    return tally.letters.stream().anyMatch(l -> l.contains("o") || l.contains("z"))
        ? "PartiallyProgrammed"
        : "Programmed";
  }

  private static double allowed(TaskStorageMap map, int expected) {
    IntOrString bound = map.getSpec().maxFailedNodes();
    if (bound == null) {
      return 0;
    }
    return bound.getIntVal() != null
        ? bound.getIntVal()
        : expected * Integer.parseInt(bound.getStrVal().replace("%", "")) / 100.0;
  }

  private static boolean takes(TaskStorageMap map, PlainNode node) {
    LabelSelector selector = map.getSpec().nodeSelector();
    return selector == null
        || selector.matchLabels() == null
        || node.labels().entrySet().containsAll(selector.matchLabels().entrySet());
  }

  private static @Nullable NodeMap row(PlainNode node, TaskStorageMap map) {
    if (node.state() == null) {
      return null;
    }
    for (NodeMap row : Objects.requireNonNull(node.state().maps())) {
      if (map.getMetadata().getUid().equals(row.uid())) {
        return row;
      }
    }
    return null;
  }
}
