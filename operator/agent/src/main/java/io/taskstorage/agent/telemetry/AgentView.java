package io.taskstorage.agent.telemetry;

import io.taskstorage.agent.Turn;
import io.taskstorage.agent.cluster.ApiObserver;
import io.taskstorage.agent.compute.Judged;
import io.taskstorage.agent.nri.ContainerEvents;
import io.taskstorage.agent.nri.NriState;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.report.ObjectStatus;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.policy.Verdict;
import io.taskstorage.telemetry.Readiness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the last turn left, for the threads of the endpoints. The loop's thread tells; any thread
 * asks.
 */
public final class AgentView {
  private static final String WAITING = "the API server has not told everything yet";

  private final String nodeName;
  private final String plane;
  private final List<String> notes;
  private volatile Optional<ApiObserver> observer = Optional.empty();
  private volatile Optional<ContainerEvents> events = Optional.empty();
  private volatile Optional<Turn.Taken> last = Optional.empty();
  private volatile Optional<NodeStateStatus> nodeState = Optional.empty();
  private volatile Optional<String> waiting = Optional.empty();
  private volatile Optional<String> passive = Optional.empty();

  /**
   * Of a node; nothing is known yet.
   *
   * @param notes why it is this plane, where that is not the best one
   */
  public AgentView(String nodeName, String plane, List<String> notes) {
    this.nodeName = nodeName;
    this.plane = plane;
    this.notes = List.copyOf(notes);
  }

  /** From now on this observes. */
  public void observedBy(ApiObserver api) {
    observer = Optional.of(api);
  }

  /** From now on these tell of containers. */
  public void heardBy(ContainerEvents containers) {
    events = Optional.of(containers);
  }

  /** A turn was taken. */
  public void turn(Turn.Taken taken, NodeStateStatus state) {
    last = Optional.of(taken);
    nodeState = Optional.of(state);
  }

  /** The node is this process's. */
  public void holds() {
    waiting = Optional.empty();
    passive = Optional.empty();
  }

  /** The node is another process's, and never was this one's: the sentence says whose. */
  public void waits(String why) {
    waiting = Optional.of(why);
  }

  /** The node was this process's, which has let go of it: the sentence says whose it is. */
  public void hasLetGo(String why) {
    passive = Optional.of(why);
  }

  /** Resources of which only a checkpoint is known. */
  public List<String> remembered() {
    return observer.map(ApiObserver::remembered).orElse(List.of());
  }

  /**
   * Ready once a turn with everything known was carried out: from then on the node is in line. It
   * stays so when another process has taken over.
   */
  public Readiness readiness() {
    if (passive.isPresent()) {
      return new Readiness(List.of(), List.of("passive: " + passive.get()));
    }
    List<String> troubles = observer.map(ApiObserver::troubles).orElse(List.of());
    if (waiting.isPresent()) {
      List<String> reasons = new ArrayList<>(List.of(waiting.get()));
      reasons.addAll(troubles);
      return new Readiness(reasons, List.of());
    }
    if (last.isEmpty()) {
      return new Readiness(troubles.isEmpty() ? List.of(WAITING) : troubles, List.of());
    }
    List<String> details = new ArrayList<>(notes);
    details.addAll(troubles);
    List<String> remembered = remembered();
    if (!remembered.isEmpty()) {
      details.add("from a checkpoint: " + String.join(", ", remembered));
    }
    if (events.map(ContainerEvents::state).orElse(null) instanceof NriState.Refused refused) {
      details.add("container events: " + refused.text());
    }
    return new Readiness(List.of(), details);
  }

  /** Names, generations, digests and counts; no values. */
  public Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("node", nodeName);
    state.put("plane", plane);
    state.put("ready", readiness().isReady());
    state.put("reasons", readiness().reasons());
    state.put("details", readiness().details());
    events.ifPresent(heard -> state.put("containerEvents", heard.state().text()));
    observer.ifPresent(api -> state.put("objects", api.sizes()));
    last.ifPresent(taken -> describe(taken, state));
    nodeState.ifPresent(status -> state.put("nodeState", status));
    return state;
  }

  private static void describe(Turn.Taken taken, Map<String, Object> state) {
    state.put("totals", taken.report().standing().totals());
    state.put(
        "maps",
        taken.execution().inForce().maps().values().stream()
            .map(
                known ->
                    Map.of(
                        "name", known.map().name().value(),
                        "bpfName", known.map().bpfName().value(),
                        "layout", known.map().layout().digest(),
                        "installed", known.installed(),
                        "public", known.isPublic()))
            .toList());
    taken
        .desired()
        .ifPresent(
            desired ->
                state.put("policies", desired.judged().stream().map(AgentView::judged).toList()));
    state.put(
        "conditions",
        taken.report().standing().statuses().values().stream().map(AgentView::ready).toList());
    taken
        .observed()
        .map(Observed::api)
        .flatMap(ApiState::cluster)
        .ifPresent(cluster -> state.put("pods", pods(cluster)));
  }

  private static Map<String, Object> judged(Judged judged) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("object", judged.key().toString());
    told.put("accepted", judged.verdict() instanceof Verdict.Accepted<?>);
    if (judged instanceof Judged.OfPolicy policy) {
      told.put("cgroups", policy.reach().cgroups());
      told.put("decides", policy.reach().decided());
      told.put("overridden", policy.reach().overridden());
    }
    return told;
  }

  private static Map<String, String> ready(ObjectStatus status) {
    return Map.of(
        "object", status.key().toString(),
        "ready", String.valueOf(status.ready().status()),
        "reason", String.valueOf(status.ready().reason()));
  }

  private static Map<String, Object> pods(ClusterState cluster) {
    Map<String, Object> pods = new LinkedHashMap<>();
    cluster
        .pods()
        .forEach(
            (path, pod) ->
                pods.put(
                    path,
                    Map.of(
                        "pod",
                        pod.pod().namespace() + "/" + pod.pod().name(),
                        "containers",
                        pod.containerCgroups().keySet())));
    return pods;
  }
}
