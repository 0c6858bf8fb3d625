package io.taskstorage.agent.observe;

import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.manifest.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes one state of the API from what the files hold. Pure. */
final class Merging {
  private static final Comparator<FileProblem> BY_PLACE =
      Comparator.comparing((FileProblem problem) -> problem.place().file())
          .thenComparingInt(problem -> problem.place().line());

  private Merging() {}

  /** The folder cannot be read: everything stays as it was known. */
  static ApiState unlisted(ApiState before, String folder, String why) {
    FileProblem problem =
        FileProblem.ofFile(Place.of(folder), why + " (everything in force stays)");
    return new ApiState(
        before.objects(), false, false, List.of(problem), List.of(), List.of(), Optional.empty());
  }

  /**
   * The state of all files together.
   *
   * @param missing files that were there a moment ago: they count for what no other file has
   */
  static ApiState of(SortedMap<String, ManifestFile> files, ApiState before, Set<String> missing) {
    SortedMap<ObjectKey, Origin> objects = new TreeMap<>();
    List<FileProblem> problems = new ArrayList<>();
    List<FileNotice> notices = new ArrayList<>();
    boolean complete = true;
    boolean settling = !missing.isEmpty();
    for (Map.Entry<String, ManifestFile> entry : files.entrySet()) {
      ManifestFile file = entry.getValue();
      if (missing.contains(entry.getKey())) {
        continue;
      }
      for (Origin origin : file.objects()) {
        Origin other = objects.get(origin.key());
        if (other == null) {
          objects.put(origin.key(), origin);
        } else if (isInForce(origin, before) && !isInForce(other, before)) {
          objects.put(origin.key(), origin);
          problems.add(duplicate(other, origin));
        } else {
          problems.add(duplicate(origin, other));
        }
      }
      problems.addAll(file.problems());
      file.beingWritten(entry.getKey()).ifPresent(problems::add);
      notices.addAll(file.notices());
      complete &= !file.lost();
      settling |= file.changing().isPresent();
    }
    for (String name : missing) {
      ManifestFile file = files.get(name);
      if (file != null) {
        file.objects().forEach(origin -> objects.putIfAbsent(origin.key(), origin));
      }
    }
    if (!complete) {
      keep(before, objects, notices);
    }
    problems.sort(BY_PLACE);
    return new ApiState(
        objects, complete, settling, problems, notices, List.of(), Optional.empty());
  }

  /** Nothing is removed while something is unreadable: it may be what moved there. */
  private static void keep(
      ApiState before, SortedMap<ObjectKey, Origin> objects, List<FileNotice> notices) {
    before
        .objects()
        .forEach(
            (key, origin) -> {
              if (objects.putIfAbsent(key, origin) == null) {
                notices.add(
                    new FileNotice(
                        Place.of(origin.place().file()),
                        key + " is gone and stays in force until every file can be read"));
              }
            });
  }

  private static boolean isInForce(Origin origin, ApiState before) {
    return Optional.ofNullable(before.objects().get(origin.key()))
        .filter(known -> known.place().file().equals(origin.place().file()))
        .isPresent();
  }

  private static FileProblem duplicate(Origin loser, Origin winner) {
    return new FileProblem(
        loser.place(),
        Optional.of(loser.key()),
        "metadata.name",
        "is also in %s, which is the one in force: remove one of them".formatted(winner.place()));
  }

  /** Compares by identity: a file's state is the same instance exactly while nothing changed. */
  @SuppressWarnings("ReferenceEquality")
  static boolean isSame(Map<String, ManifestFile> one, Map<String, ManifestFile> other) {
    return one.keySet().equals(other.keySet())
        && one.entrySet().stream().allMatch(each -> each.getValue() == other.get(each.getKey()));
  }
}
