package io.taskstorage.cli.status;

import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.PolicyFailure;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.ReasonUrgency;
import io.taskstorage.cli.status.StatusReport.Deviation;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts what is wrong into the words of the table of reasons. */
final class Told {
  private static final String UNKNOWN = "a reason that this version does not know";

  private final String kind;
  private final @Nullable String namespace;
  private final @Nullable String name;

  /** Of an object; an empty namespace or name is none. */
  Told(String kind, String namespace, String name) {
    this.kind = kind;
    this.namespace = namespace.isEmpty() ? null : namespace;
    this.name = name.isEmpty() ? null : name;
  }

  /** What an object's condition says. */
  Deviation ofCondition(String reason, String message, Collection<String> nodes) {
    return told(reason, message, nodes, null, null);
  }

  /** What nodes say. */
  Deviation ofNodes(String reason, Collection<String> nodes) {
    return told(reason, "", nodes, null, null);
  }

  /** Tasks that lack their right value. */
  Deviation ofTasks(String reason, Collection<String> nodes, long tasks) {
    return told(reason, "", nodes, tasks, null);
  }

  /** A field that is zero although a policy sets it. */
  Deviation ofField(PolicyFailure failure, Collection<String> nodes) {
    return told(
        Objects.requireNonNullElse(failure.reason(), Reason.EVALUATION_ERROR.wire()),
        "",
        nodes,
        null,
        failure);
  }

  private Deviation told(
      String word,
      String message,
      Collection<String> nodes,
      @Nullable Long tasks,
      @Nullable PolicyFailure failure) {
    Optional<Reason> reason = Reason.ofWire(word);
    String meaning = reason.map(Reason::sentence).orElse(UNKNOWN);
    return new Deviation(
        kind,
        namespace,
        name,
        word,
        StatusReport.word(reason.map(Reason::urgency).orElse(ReasonUrgency.ACT)),
        meaning,
        message.isEmpty() || message.startsWith(meaning) ? null : message,
        reason.map(Reason::mend).orElse("see the message, or upgrade taskstorage"),
        List.copyOf(nodes),
        tasks,
        failure == null ? null : failure.field(),
        failure == null ? null : failure.pods(),
        failure == null ? null : failure.examplePod());
  }

  /** The condition Ready of the generation that is asked for. */
  static Optional<Condition> ready(@Nullable List<Condition> conditions, long generation) {
    return Objects.requireNonNullElse(conditions, List.<Condition>of()).stream()
        .filter(each -> Condition.READY.equals(each.type()))
        .filter(each -> Objects.requireNonNullElse(each.observedGeneration(), -1L) == generation)
        .findFirst();
  }

  /** True if that condition says so. */
  static boolean isTrue(Optional<Condition> ready) {
    return ready.map(each -> "True".equals(each.status())).orElse(false);
  }

  /** Its reason; nobody judged the object yet where there is none. */
  static String reason(Optional<Condition> ready) {
    return ready.map(Condition::reason).orElse(Reason.PENDING.wire());
  }
}
