package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.TargetRef;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges the target of a policy of either kind, and finds its map. */
final class TargetAcceptance {

  private final Problems problems;
  private final Map<String, Verdict<AcceptedMap>> maps;

  TargetAcceptance(Problems problems, Map<String, Verdict<AcceptedMap>> maps) {
    this.problems = problems;
    this.maps = maps;
  }

  /** The map, if it is accepted. */
  Optional<AcceptedMap> judge(@Nullable List<TargetRef> targets) {
    if (targets == null || targets.isEmpty()) {
      problems.missing("spec.targetRefs", "name the TaskStorageMap that the values are for");
      return Optional.empty();
    }
    if (targets.size() > 1) {
      problems.invalid(
          "spec.targetRefs",
          "%d targets: a policy is for exactly one: write one policy for each map"
              .formatted(targets.size()));
    }
    Optional<AcceptedMap> first = Optional.empty();
    for (int i = 0; i < targets.size(); i++) {
      Optional<AcceptedMap> map = judge(targets.get(i), "spec.targetRefs[%d]".formatted(i));
      first = i == 0 ? map : first;
    }
    return first;
  }

  private Optional<AcceptedMap> judge(TargetRef target, String path) {
    problems.refuseUnknown(path, target);
    judgeWord(target.group(), ApiGroup.NAME, path + ".group");
    judgeWord(target.kind(), TaskStorageMap.KIND, path + ".kind");
    String name = target.name();
    if (name == null) {
      problems.missing(path + ".name", "name the TaskStorageMap");
      return Optional.empty();
    }
    if (!ObjectName.judgeMap(name, path + ".name", problems)) {
      return Optional.empty();
    }
    return switch (maps.get(name)) {
      case Verdict.Accepted<AcceptedMap>(AcceptedMap map, var _) -> Optional.of(map);
      case Verdict.Refused<AcceptedMap> _ -> {
        targetNotFound(path, "TaskStorageMap %s is refused: mend the map first".formatted(name));
        yield Optional.empty();
      }
      case null -> {
        targetNotFound(
            path, "no TaskStorageMap %s: create it, or correct the name".formatted(name));
        yield Optional.empty();
      }
    };
  }

  private void targetNotFound(String path, String message) {
    problems.add(Reason.TARGET_NOT_FOUND, path + ".name", message);
  }

  private void judgeWord(@Nullable String word, String only, String path) {
    if (word == null) {
      problems.missing(path, "use " + only);
    } else if (!word.equals(only)) {
      problems.unknownWord(path, word, List.of(only));
    }
  }
}
