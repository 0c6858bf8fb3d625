package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicySpec;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.TargetRef;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges one cluster policy, by itself and against its map. */
final class PolicyAcceptance {

  private static final int MAX_PRIORITY = 1000;

  private final Map<String, Verdict<AcceptedMap>> maps;
  private final Problems problems = new Problems();

  private PolicyAcceptance(Map<String, Verdict<AcceptedMap>> maps) {
    this.maps = maps;
  }

  static Verdict<AcceptedPolicy> judge(
      ClusterTaskStoragePolicy policy, Map<String, Verdict<AcceptedMap>> maps) {
    return new PolicyAcceptance(maps).verdict(policy);
  }

  private Verdict<AcceptedPolicy> verdict(ClusterTaskStoragePolicy policy) {
    String name = policy.getMetadata().getName();
    ObjectName.judgePolicy(name, problems);
    ClusterTaskStoragePolicySpec spec = policy.getSpec();
    if (spec == null) {
      problems.missing("spec", "add targetRefs, tier, priority, subject and values");
      return problems.refused();
    }
    problems.refuseUnknown("spec", spec);
    Optional<AcceptedMap> map = judgeTargets(spec.targetRefs());
    Optional<Tier> tier = judgeTier(spec.tier());
    judgePriority(spec.priority());
    Optional<Subject> subject = new SubjectAcceptance(problems).judge(spec.subject());
    boolean onHosts = spec.subject() != null && spec.subject().hostProcesses() != null;
    List<FieldValue> values = new ValueAcceptance(problems, map, onHosts).judge(spec.values());
    if (!problems.isEmpty()) {
      return problems.refused();
    }
    return problems.accepted(
        new AcceptedPolicy(
            PolicyKey.cluster(name),
            tier.orElseThrow(),
            Objects.requireNonNull(spec.priority()),
            map.orElseThrow().name(),
            subject.orElseThrow(),
            values,
            Objects.requireNonNullElse(policy.getMetadata().getGeneration(), 0L)));
  }

  private Optional<AcceptedMap> judgeTargets(@Nullable List<TargetRef> targets) {
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

  private Optional<Tier> judgeTier(@Nullable String text) {
    if (text == null) {
      problems.missing("spec.tier", "use Admin or Baseline");
      return Optional.empty();
    }
    Optional<Tier> tier = Tier.ofWireName(text);
    if (tier.isEmpty()) {
      problems.unknownWord("spec.tier", text, List.of("Admin", "Baseline"));
    }
    return tier;
  }

  private void judgePriority(@Nullable Integer priority) {
    String rule = "use 0 to %d, lower goes first".formatted(MAX_PRIORITY);
    if (priority == null) {
      problems.missing("spec.priority", rule);
    } else if (priority < 0 || priority > MAX_PRIORITY) {
      problems.invalid("spec.priority", "%d is out of range: %s".formatted(priority, rule));
    }
  }
}
