package io.taskstorage.agent.observe;

import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The objects of our API as they are known now.
 *
 * @param objects every object that counts, by kind and name
 * @param complete false while something could not be read and no good version of it is known: then
 *     an object's absence means nothing
 * @param settling there is more to come: a file was changed a moment ago and will be read once it
 *     has been still, or a server has not told everything yet and what is remembered stands
 * @param problems what is not taken, in the order of files and lines
 * @param notices what was passed over
 * @param unsupported objects that are there and are not in {@code objects}, or only in an earlier
 *     version
 * @param cluster namespaces and pods; empty where no cluster tells of any
 */
public record ApiState(
    SortedMap<ObjectKey, Origin> objects,
    boolean complete,
    boolean settling,
    List<FileProblem> problems,
    List<FileNotice> notices,
    List<Unsupported> unsupported,
    Optional<ClusterState> cluster) {

  /** Nothing known, not even that there is nothing. */
  public static final ApiState UNKNOWN =
      new ApiState(
          new TreeMap<>(), false, false, List.of(), List.of(), List.of(), Optional.empty());

  /** Copies what it is given. */
  public ApiState {
    objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
    problems = List.copyOf(problems);
    notices = List.copyOf(notices);
    unsupported = List.copyOf(unsupported);
  }
}
