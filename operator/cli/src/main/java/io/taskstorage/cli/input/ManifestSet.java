package io.taskstorage.cli.input;

import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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

  /** This set laid over another one: what both have counts as it is here. */
  public ManifestSet over(ManifestSet below) {
    SortedMap<ObjectKey, Origin> all = new TreeMap<>(below.objects);
    all.putAll(objects);
    return new ManifestSet(
        all, problems, clusterProblems, cluster.over(below.cluster), others + below.others);
  }
}
