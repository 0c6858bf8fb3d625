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
   * @param failures by {@code reason} or {@code reason/field}
   */
  public record Opinion(
      String ready,
      String reason,
      String stalled,
      @Nullable Long programmedGeneration,
      List<Integer> counts,
      Map<String, Failure> failures) {}

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
    Long before = ofThisMap(map, generation, programmedBefore);
    Tally tally = tally(map, namespace, name, uid, generation, before);
    return opinion(tally, map, generation, before, true);
  }

  /**
   * What the nodes that have acted on a policy say of it, one word of letters each: {@code m} it
   * selects something, {@code o} others decide some of its fields, {@code z} all of them.
   */
  public List<String> letters(
      TaskStorageMap map,
      String namespace,
      String name,
      String uid,
      long generation,
      @Nullable Long programmedBefore) {
    Long before = ofThisMap(map, generation, programmedBefore);
    return tally(map, namespace, name, uid, generation, before).letters;
  }

  /** What was recorded for a map that had the name before is worth nothing. */
  private static @Nullable Long ofThisMap(
      TaskStorageMap map, long generation, @Nullable Long programmedBefore) {
    boolean ofThisMap = map.getStatus() != null && map.getStatus().programmedGeneration() != null;
    boolean isThis = programmedBefore != null && programmedBefore == generation;
    return isThis && !ofThisMap ? null : programmedBefore;
  }

  private Tally tally(
      TaskStorageMap map,
      String namespace,
      String name,
      String uid,
      long generation,
      @Nullable Long programmedBefore) {
    Tally tally = new Tally();
    boolean recorded = programmedBefore != null && programmedBefore == generation;
    for (PlainNode node : world.nodes()) {
      if (takes(map, node)
          && (namespace.isEmpty() || concerns(node, map, namespace, uid, recorded))) {
        String key = namespace.isEmpty() ? name : namespace + "/" + name;
        ask(node, map, key, uid, generation, tally);
      }
    }
    return tally;
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
        String pod = failure.examplePod();
        // A namespace's status names no pod of another one.
        boolean mayBeNamed = pod != null && pod.startsWith(key.substring(0, key.indexOf('/') + 1));
        tally.count(
            failure.reason() + "/" + failure.field(),
            node.name(),
            failure.pods() == null ? 0 : failure.pods(),
            mayBeNamed ? pod : null);
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
