package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicySpec;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStoragePolicySpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges one policy of either kind, by itself and against its map. */
final class PolicyAcceptance {

  private static final int MAX_PRIORITY = 1000;
  private static final int DEFAULT_PRIORITY = 500;

  private final Map<String, Verdict<AcceptedMap>> maps;
  private final Problems problems = new Problems();

  private PolicyAcceptance(Map<String, Verdict<AcceptedMap>> maps) {
    this.maps = maps;
  }

  static Verdict<AcceptedPolicy> judge(
      ClusterTaskStoragePolicy policy, Map<String, Verdict<AcceptedMap>> maps) {
    return new PolicyAcceptance(maps).verdict(policy);
  }

  static Verdict<AcceptedPolicy> judge(
      TaskStoragePolicy policy,
      Map<String, Verdict<AcceptedMap>> maps,
      Map<String, NamespaceFacts> namespaces) {
    return new PolicyAcceptance(maps).verdict(policy, namespaces);
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
    Optional<AcceptedMap> map = new TargetAcceptance(problems, maps).judge(spec.targetRefs());
    Optional<Tier> tier = judgeTier(spec.tier());
    if (spec.priority() == null) {
      problems.missing("spec.priority", priorityRule());
    } else {
      judgePriority(spec.priority());
    }
    Optional<Subject> subject = new SubjectAcceptance(problems).judge(spec.subject());
    boolean onHosts = spec.subject() != null && spec.subject().hostProcesses() != null;
    SubjectKind kind = onHosts ? SubjectKind.HOST_PROCESSES : SubjectKind.PODS;
    List<FieldValue> values = new ValueAcceptance(problems, map, kind, tier).judge(spec.values());
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

  private Verdict<AcceptedPolicy> verdict(
      TaskStoragePolicy policy, Map<String, NamespaceFacts> namespaces) {
    PolicyKey key =
        new PolicyKey(policy.getMetadata().getNamespace(), policy.getMetadata().getName());
    ObjectName.judgePolicy(key.name(), problems);
    ObjectName.judgeNamespace(key.namespace(), problems);
    TaskStoragePolicySpec spec = policy.getSpec();
    if (spec == null) {
      problems.missing("spec", "add targetRefs, subject and values");
      return problems.refused();
    }
    problems.refuseUnknown("spec", spec);
    // A namespace that may not attach learns nothing of the map's fields either.
    Optional<AcceptedMap> map =
        new TargetAcceptance(problems, maps)
            .judge(spec.targetRefs())
            .filter(target -> judgeNamespace(key.namespace(), target, namespaces));
    int priority = Objects.requireNonNullElse(spec.priority(), DEFAULT_PRIORITY);
    judgePriority(priority);
    Optional<Subject> subject = new SubjectAcceptance(problems).judge(spec.subject());
    List<FieldValue> values =
        new ValueAcceptance(problems, map, SubjectKind.PODS, Optional.of(Tier.NAMESPACED))
            .judge(spec.values());
    if (!problems.isEmpty()) {
      return problems.refused();
    }
    return problems.accepted(
        new AcceptedPolicy(
            key,
            Tier.NAMESPACED,
            priority,
            map.orElseThrow().name(),
            subject.orElseThrow(),
            values,
            Objects.requireNonNullElse(policy.getMetadata().getGeneration(), 0L)));
  }

  /** True if the map takes policies from this namespace. */
  private boolean judgeNamespace(
      String namespace, AcceptedMap map, Map<String, NamespaceFacts> namespaces) {
    NamespaceFacts facts = namespaces.get(namespace);
    boolean allowed =
        switch (map.namespaces()) {
          case NamespaceRule.All _ -> true;
          case NamespaceRule.None _ -> false;
          case NamespaceRule.Labelled(var selector) ->
              facts != null && LabelSelection.selects(selector, facts.labels());
        };
    if (!allowed) {
      String shown = Quote.name(namespace);
      boolean unknown = facts == null && map.namespaces() instanceof NamespaceRule.Labelled;
      problems.add(
          Reason.NOT_ALLOWED_BY_TARGET,
          "metadata.namespace",
          unknown
              ? "map %s takes namespaces by their labels and namespace %s is not known here: create it"
                  .formatted(map.name(), shown)
              : "map %s takes no policy from namespace %s: ask its owner to widen allowedPolicies"
                  .formatted(map.name(), shown));
    }
    return allowed;
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

  private void judgePriority(int priority) {
    if (priority < 0 || priority > MAX_PRIORITY) {
      problems.invalid(
          "spec.priority", "%d is out of range: %s".formatted(priority, priorityRule()));
    }
  }

  private static String priorityRule() {
    return "use 0 to %d, lower goes first".formatted(MAX_PRIORITY);
  }
}
