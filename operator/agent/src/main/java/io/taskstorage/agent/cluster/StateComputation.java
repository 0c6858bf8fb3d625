package io.taskstorage.agent.cluster;

import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.ContainerNames;
import io.taskstorage.agent.observe.Unsupported;
import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.manifest.Place;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.taskstore.CgroupSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes a state of the API from what is kept. Not thread-safe: it remembers what it has read. */
final class StateComputation {
  private static final String STAYS = " (the version before stays in force)";
  private static final String NO_PODS_ROOT =
      "pods of this node run, and its cgroup2 tree has no cgroup of theirs, as where their cgroups"
          + " are of v1: boot with the unified hierarchy, or give the folder by --cgroup-root";

  private final String nodeName;
  private final String server;

  private final ReadTexts<Reading.Ours> ours;
  private final ReadTexts<NamespaceFacts> namespaces = new ReadTexts<>(Reading::namespace);

  /** For the namespaces that are known: a pod has what its own is like. */
  private ReadTexts<Reading.Pod> pods;

  private SortedMap<String, NamespaceFacts> namespacesOfPods = new TreeMap<>();

  /** Of the last state: cgroups come and go more often than objects change. */
  private Optional<Told> last = Optional.empty();

  /** What a server's word means, whichever cgroups there are. */
  private record Told(
      Map<Resource, Mirror.State> known,
      SortedMap<ObjectKey, Origin> objects,
      List<FileProblem> problems,
      List<Unsupported> unsupported,
      NodeFacts node,
      SortedMap<String, NamespaceFacts> namespaces,
      List<Reading.Pod> pods,
      SortedSet<String> podNamespaces) {
    @SuppressWarnings("ReferenceEquality") // What is known is the same instance while unchanged.
    boolean isOf(Map<Resource, Mirror.State> others) {
      return known == others;
    }
  }

  StateComputation(String nodeName, String server) {
    this.nodeName = nodeName;
    this.server = server;
    this.ours = new ReadTexts<>(text -> Reading.ours(text, server));
    this.pods = reading(namespacesOfPods);
  }

  /**
   * The state now.
   *
   * @param known the same instance as before where nothing has changed
   * @param containers what the node's container runtime tells
   */
  ApiState next(
      Map<Resource, Mirror.State> known,
      CgroupSnapshot cgroups,
      ContainerNames containers,
      ApiState before) {
    Told told = last.filter(each -> each.isOf(known)).orElseGet(() -> told(known, before));
    last = Optional.of(told);
    List<Reading.Pod> onNode =
        told.pods().stream().map(pod -> pod.with(containers.of(pod.cgroupUid()))).toList();
    boolean isAnyRunning = onNode.stream().anyMatch(pod -> !pod.containers().isEmpty());
    List<FileProblem> problems = new ArrayList<>(told.problems());
    if (isAnyRunning && !PodCgroups.hasPodsRoot(cgroups)) {
      problems.add(FileProblem.ofFile(Place.of(server), NO_PODS_ROOT));
    }
    return new ApiState(
        told.objects(),
        known.values().stream().allMatch(Mirror.State::isComplete),
        !known.values().stream().allMatch(Mirror.State::listed),
        problems,
        List.of(),
        told.unsupported(),
        Optional.of(
            new ClusterState(
                told.node(),
                told.namespaces(),
                PodCgroups.of(cgroups, onNode),
                told.podNamespaces())));
  }

  private Told told(Map<Resource, Mirror.State> known, ApiState before) {
    List<FileProblem> problems = new ArrayList<>();
    List<Unsupported> unsupported = new ArrayList<>();
    SortedMap<ObjectKey, Origin> objects = ours(known, before, problems, unsupported);
    SortedMap<String, NamespaceFacts> byName = new TreeMap<>();
    namespaces
        .of(objects(known, Resource.NAMESPACES))
        .forEach(facts -> byName.put(facts.name(), facts));
    List<Reading.Pod> onNode = List.copyOf(pods(objects(known, Resource.PODS), byName));
    SortedSet<String> podNamespaces = new TreeSet<>();
    onNode.forEach(pod -> podNamespaces.add(pod.facts().namespace()));
    NodeFacts node =
        objects(known, Resource.NODES).stream()
            .map(Reading::node)
            .reduce((_, later) -> later)
            .orElse(new NodeFacts(nodeName, Map.of()));
    known
        .values()
        .forEach(
            each ->
                each.trouble()
                    .ifPresent(why -> problems.add(FileProblem.ofFile(Place.of(server), why))));
    return new Told(known, objects, problems, unsupported, node, byName, onNode, podNamespaces);
  }

  /** One of each cgroup. */
  private Collection<Reading.Pod> pods(
      List<String> texts, SortedMap<String, NamespaceFacts> byName) {
    if (!byName.equals(namespacesOfPods)) {
      namespacesOfPods = byName;
      pods = reading(byName);
    }
    Map<String, Reading.Pod> byCgroup = new LinkedHashMap<>();
    pods.of(texts).forEach(pod -> byCgroup.merge(pod.cgroupUid(), pod, Reading.Pod::or));
    return byCgroup.values();
  }

  private static ReadTexts<Reading.Pod> reading(SortedMap<String, NamespaceFacts> byName) {
    return new ReadTexts<>(text -> Reading.pod(text, byName));
  }

  private SortedMap<ObjectKey, Origin> ours(
      Map<Resource, Mirror.State> known,
      ApiState before,
      List<FileProblem> problems,
      List<Unsupported> unsupported) {
    SortedMap<ObjectKey, Origin> objects = new TreeMap<>();
    List<String> texts =
        known.entrySet().stream()
            .filter(each -> each.getKey().isOurs())
            .flatMap(each -> each.getValue().objects().stream())
            .toList();
    for (Reading.Ours each : ours.of(texts)) {
      switch (each) {
        case Reading.Ours.Known(Origin origin) -> objects.put(origin.key(), origin);
        case Reading.Ours.Unknown(Unsupported object, var found) -> {
          ObjectKey key = object.key();
          Optional<Origin> last = last(before, key, object.uid());
          last.ifPresent(origin -> objects.put(key, origin));
          unsupported.add(object);
          String consequence = last.isPresent() ? STAYS : "";
          found.forEach(
              problem ->
                  problems.add(
                      new FileProblem(
                          Place.of(server),
                          Optional.of(key),
                          problem.path(),
                          problem.message() + consequence)));
        }
      }
    }
    return objects;
  }

  private static List<String> objects(Map<Resource, Mirror.State> known, Resource resource) {
    Mirror.State state = known.get(resource);
    return state == null ? List.of() : state.objects();
  }

  /** The version of the same object that was known before. */
  private static Optional<Origin> last(ApiState before, ObjectKey key, String uid) {
    return Optional.ofNullable(before.objects().get(key))
        .filter(origin -> uid.equals(origin.object().getMetadata().getUid()));
  }
}
