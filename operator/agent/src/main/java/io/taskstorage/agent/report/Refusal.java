package io.taskstorage.agent.report;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.Judged;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.observe.Unsupported;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.ReasonUrgency;
import io.taskstorage.api.v1alpha1.TargetRef;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.policy.Verdict;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An object that this node refuses as a whole, in the version that the API has, and that others may
 * take: a controller of another version waits for the node's word. Pure.
 *
 * @param key which object
 * @param uid its UID
 * @param generation the generation that is refused
 * @param maps the names of the maps that a policy is for; none for a map
 * @param reason why
 */
record Refusal(ObjectKey key, String uid, long generation, Set<String> maps, Reason reason) {

  /** All of them that concern this node, in the order of their keys. */
  static List<Refusal> of(Observed observed, Desired desired) {
    SortedMap<ObjectKey, Refusal> refusals = new TreeMap<>();
    for (Judged judged : desired.judged()) {
      Origin written = observed.api().objects().get(judged.key());
      if (written != null
          && judged.verdict() instanceof Verdict.Refused<?>(Reason reason, var _)
          && reason.urgency() == ReasonUrgency.ACT) {
        refusals.put(judged.key(), of(judged.key(), written.object(), reason));
      }
    }
    for (Unsupported object : observed.api().unsupported()) {
      refusals.put(
          object.key(),
          new Refusal(
              object.key(),
              object.uid(),
              object.generation(),
              object.targets(),
              Reason.UNSUPPORTED_FIELD));
    }
    return refusals.values().stream()
        .filter(refusal -> PolicyTokens.isOfNode(observed, refusal.key()))
        .toList();
  }

  private static Refusal of(ObjectKey key, HasMetadata object, Reason reason) {
    ObjectMeta meta = object.getMetadata();
    return new Refusal(key, meta.getUid(), meta.getGeneration(), maps(object), reason);
  }

  /** True for a map, false for a policy. */
  boolean isOfMap() {
    return key.kind().equals(TaskStorageMap.KIND);
  }

  private static Set<String> maps(HasMetadata object) {
    return switch (object) {
      case ClusterTaskStoragePolicy policy -> names(policy.getSpec().targetRefs());
      case TaskStoragePolicy policy -> names(policy.getSpec().targetRefs());
      default -> Set.of();
    };
  }

  private static Set<String> names(@Nullable List<TargetRef> targets) {
    return Objects.requireNonNullElse(targets, List.<TargetRef>of()).stream()
        .map(target -> String.valueOf(target.name()))
        .collect(Collectors.toUnmodifiableSet());
  }
}
