package io.taskstorage.telemetry;

import java.util.List;

/**
 * Whether a process does its work. Asked on threads of the endpoints: quick, and safe from any.
 *
 * @param reasons why it is not ready, one sentence each; empty = it is
 * @param details what to know although it is ready
 */
public record Readiness(List<String> reasons, List<String> details) {

  /** Ready, and nothing more to say. */
  public static final Readiness READY = new Readiness(List.of(), List.of());

  /** Copies both. */
  public Readiness {
    reasons = List.copyOf(reasons);
    details = List.copyOf(details);
  }

  /** Not ready for one reason. */
  public static Readiness not(String reason) {
    return new Readiness(List.of(reason), List.of());
  }

  /** True where nothing speaks against it. */
  public boolean isReady() {
    return reasons.isEmpty();
  }

  /** One sentence a line. */
  String text() {
    StringBuilder text = new StringBuilder(isReady() ? "ok\n" : "");
    reasons.forEach(reason -> text.append(reason.replace('\n', ' ')).append('\n'));
    details.forEach(detail -> text.append(detail.replace('\n', ' ')).append('\n'));
    return text.toString();
  }
}
