package io.taskstorage.cli.input;

import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What files say, or a cluster.
 *
 * @param objects the well-formed objects of our API
 * @param problems what is not well-formed or there twice, in the order of reading
 * @param clusterProblems pods, namespaces and nodes that are not taken
 * @param cluster the pods, namespaces and nodes
 * @param others objects of other APIs that were passed over
 */
public record ManifestSet(
    SortedMap<ObjectKey, Origin> objects,
    List<FileProblem> problems,
    List<FileProblem> clusterProblems,
    ClusterFacts cluster,
    int others) {

  /** An object that was never stored has no age yet. */
  private static final Comparator<Origin> OLDEST_FIRST =
      Comparator.comparing(
              (Origin origin) ->
                  origin.document().json().path("metadata").path("creationTimestamp").textValue(),
              Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Origin::key);

  /** Copies what it is given. */
  public ManifestSet {
    objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
    problems = List.copyOf(problems);
    clusterProblems = List.copyOf(clusterProblems);
  }

  /** The objects of one kind, by key. */
  public <T> List<T> objects(Class<T> kind) {
    return objects.values().stream()
        .map(Origin::object)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  /**
   * This set applied over what a cluster has: what both have counts as it is here. What an API
   * server does not let change stays as it is there, and is a problem.
   */
  public ManifestSet over(ManifestSet below) {
    SortedMap<ObjectKey, Origin> all = new TreeMap<>(below.objects);
    List<FileProblem> wrong = new ArrayList<>(problems);
    objects.forEach(
        (key, asked) -> {
          List<FileProblem> immutable = Immutable.changed(below.objects.get(key), asked);
          wrong.addAll(immutable);
          if (immutable.isEmpty()) {
            all.put(key, asked);
          }
        });
    below.problems.stream()
        .filter(problem -> !isAbout(objects.keySet(), problem))
        .forEach(wrong::add);
    return new ManifestSet(
        all, wrong, clusterProblems, cluster.over(below.cluster), others + below.others);
  }

  /** This set without the objects of our API that another one does not have, not even wrongly. */
  public ManifestSet onlyWhatIsIn(ManifestSet other) {
    Set<ObjectKey> named = new TreeSet<>(other.objects.keySet());
    other.problems.forEach(problem -> problem.object().ifPresent(named::add));
    SortedMap<ObjectKey, Origin> kept = new TreeMap<>(objects);
    kept.keySet().retainAll(named);
    return new ManifestSet(
        kept,
        problems.stream().filter(problem -> isAbout(named, problem)).toList(),
        clusterProblems,
        cluster,
        others);
  }

  private static boolean isAbout(Set<ObjectKey> keys, FileProblem problem) {
    return problem.object().map(keys::contains).orElse(false);
  }

  /**
   * By map, the bpfName that it keeps: of maps that ask for the same one the oldest has it, of
   * those of one age the first by name.
   */
  public Map<String, String> keptBpfNames() {
    Map<String, String> kept = new HashMap<>();
    Set<String> taken = new HashSet<>();
    objects.values().stream()
        .sorted(OLDEST_FIRST)
        .forEach(
            origin -> {
              if (origin.object() instanceof TaskStorageMap map && map.getSpec() != null) {
                String bpfName = map.getSpec().bpfName();
                if (bpfName != null && taken.add(bpfName)) {
                  kept.put(origin.key().name(), bpfName);
                }
              }
            });
    return kept;
  }
}
