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
import java.util.HashMap;
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

  /** What the texts of our own objects mean: reading them is the costly part. */
  private Map<String, Reading.Ours> read = new HashMap<>();

  StateComputation(String nodeName, String server) {
    this.nodeName = nodeName;
    this.server = server;
  }

  /**
   * The state now.
   *
   * @param containers what the node's container runtime tells
   */
  ApiState next(
      Map<Resource, Mirror.State> known,
      CgroupSnapshot cgroups,
      ContainerNames containers,
      ApiState before) {
    List<FileProblem> problems = new ArrayList<>();
    List<Unsupported> unsupported = new ArrayList<>();
    SortedMap<ObjectKey, Origin> objects = ours(known, before, problems, unsupported);
    SortedMap<String, NamespaceFacts> namespaces = new TreeMap<>();
    objects(known, Resource.NAMESPACES)
        .forEach(
            text -> {
              NamespaceFacts facts = Reading.namespace(text);
              namespaces.put(facts.name(), facts);
            });
    List<Reading.Pod> pods =
        pods(objects(known, Resource.PODS), namespaces).stream()
            .map(pod -> pod.with(containers.of(pod.cgroupUid())))
            .toList();
    SortedSet<String> podNamespaces = new TreeSet<>();
    pods.forEach(pod -> podNamespaces.add(pod.facts().namespace()));
    boolean isAnyRunning = pods.stream().anyMatch(pod -> !pod.containers().isEmpty());
    if (isAnyRunning && !PodCgroups.hasPodsRoot(cgroups)) {
      problems.add(FileProblem.ofFile(Place.of(server), NO_PODS_ROOT));
    }
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
    return new ApiState(
        objects,
        known.values().stream().allMatch(Mirror.State::isComplete),
        !known.values().stream().allMatch(Mirror.State::listed),
        problems,
        List.of(),
        unsupported,
        Optional.of(
            new ClusterState(node, namespaces, PodCgroups.of(cgroups, pods), podNamespaces)));
  }

  /** One of each cgroup. */
  private static Collection<Reading.Pod> pods(
      List<String> texts, SortedMap<String, NamespaceFacts> namespaces) {
    Map<String, Reading.Pod> pods = new LinkedHashMap<>();
    for (String text : texts) {
      Reading.Pod pod = Reading.pod(text, namespaces);
      pods.merge(pod.cgroupUid(), pod, Reading.Pod::or);
    }
    return pods.values();
  }

  private SortedMap<ObjectKey, Origin> ours(
      Map<Resource, Mirror.State> known,
      ApiState before,
      List<FileProblem> problems,
      List<Unsupported> unsupported) {
    SortedMap<ObjectKey, Origin> objects = new TreeMap<>();
    Map<String, Reading.Ours> now = new HashMap<>();
    known.forEach(
        (resource, state) -> {
          if (!resource.isOurs()) {
            return;
          }
          for (String text : state.objects()) {
            Reading.Ours ours = Optional.ofNullable(read.get(text)).orElseGet(() -> of(text));
            now.put(text, ours);
            switch (ours) {
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
        });
    read = now;
    return objects;
  }

  private static List<String> objects(Map<Resource, Mirror.State> known, Resource resource) {
    Mirror.State state = known.get(resource);
    return state == null ? List.of() : state.objects();
  }

  private Reading.Ours of(String text) {
    return Reading.ours(text, server);
  }

  /** The version of the same object that was known before. */
  private static Optional<Origin> last(ApiState before, ObjectKey key, String uid) {
    return Optional.ofNullable(before.objects().get(key))
        .filter(origin -> uid.equals(origin.object().getMetadata().getUid()));
  }
}
