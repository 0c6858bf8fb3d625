package io.taskstorage.agent.report;

import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.ReasonUrgency;
import java.util.List;

/**
 * What this node says of one object, in the words that its status has in a cluster.
 *
 * @param key which object
 * @param conditions Accepted, Programmed, Ready, Stalled; without times and generations, which a
 *     file has not
 */
public record ObjectStatus(ObjectKey key, List<Condition> conditions) {

  /** Copies the list. */
  public ObjectStatus {
    conditions = List.copyOf(conditions);
  }

  /** Refused: nothing of it is programmed. */
  static ObjectStatus refused(ObjectKey key, Reason reason, String message) {
    boolean isStalled = reason.urgency() == ReasonUrgency.ACT;
    return new ObjectStatus(
        key,
        List.of(
            condition(Condition.ACCEPTED, "False", reason, message),
            condition(Condition.PROGRAMMED, "Unknown", reason, ""),
            condition(Condition.READY, "False", reason, message),
            condition(Condition.STALLED, isStalled ? "True" : "False", reason, "")));
  }

  /**
   * Accepted, and programmed as far as {@code reason} says.
   *
   * @param warnings what the author should know all the same
   */
  static ObjectStatus accepted(ObjectKey key, String warnings, Reason reason, String message) {
    boolean isProgrammed = reason == Reason.PROGRAMMED || reason == Reason.PARTIALLY_PROGRAMMED;
    boolean isReady = reason.urgency() == ReasonUrgency.NONE;
    boolean isStalled = reason.urgency() == ReasonUrgency.ACT;
    return new ObjectStatus(
        key,
        List.of(
            condition(Condition.ACCEPTED, "True", Reason.ACCEPTED, warnings),
            condition(Condition.PROGRAMMED, isProgrammed ? "True" : "False", reason, message),
            condition(Condition.READY, isReady ? "True" : "False", reason, message),
            condition(Condition.STALLED, isStalled ? "True" : "False", reason, "")));
  }

  /** The summary, which {@code kubectl wait} waits for. */
  public Condition ready() {
    return conditions.get(2);
  }

  /** True where a person must act before the object takes effect. */
  public boolean isStalled() {
    return "True".equals(conditions.get(3).status());
  }

  private static Condition condition(String type, String status, Reason reason, String message) {
    return new Condition(type, status, null, null, reason.wire(), message);
  }
}
