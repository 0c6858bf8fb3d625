package io.taskstorage.controller.aggregate;

import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.ReasonUrgency;
import io.taskstorage.policy.Problem;
import io.taskstorage.policy.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects the conditions of one object, keeping the time of those whose status stays. */
final class Conditions {

  private static final int MAX_CHARACTERS = 4096;

  private final List<Condition> before;
  private final long generation;
  private final String now;
  private final List<Condition> conditions = new ArrayList<>();

  Conditions(@Nullable List<Condition> before, long generation, Instant now) {
    this.before = Objects.requireNonNullElse(before, List.of());
    this.generation = generation;
    this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The four conditions of an object that is refused. */
  Conditions refused(Verdict.Refused<?> verdict) {
    String message = text(verdict.problems().stream().map(Problem::toString).toList());
    add(Condition.ACCEPTED, "False", verdict.reason(), message);
    add(Condition.PROGRAMMED, "Unknown", verdict.reason(), "not accepted");
    return summary("False", verdict.reason(), message);
  }

  /** The four conditions of an object that is in force. */
  Conditions accepted(String meaning, List<String> warnings, Finding finding) {
    List<String> parts = new ArrayList<>(List.of(meaning));
    parts.addAll(warnings);
    add(Condition.ACCEPTED, "True", Reason.ACCEPTED, text(parts));
    add(Condition.PROGRAMMED, finding.status(), finding.reason(), finding.message());
    return summary(finding.isReady() ? "True" : "False", finding.reason(), finding.message());
  }

  private Conditions summary(String ready, Reason reason, String message) {
    add(Condition.READY, ready, reason, message);
    boolean stalled = reason.urgency() == ReasonUrgency.ACT;
    return add(
        Condition.STALLED,
        stalled ? "True" : "False",
        reason,
        stalled ? reason.mend() : "nobody needs to act");
  }

  Conditions add(String type, String status, Reason reason, String message) {
    String time =
        before.stream()
            .filter(old -> type.equals(old.type()) && status.equals(old.status()))
            .map(Condition::lastTransitionTime)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(now);
    conditions.add(new Condition(type, status, generation, time, reason.wire(), bounded(message)));
    return this;
  }

  List<Condition> list() {
    return conditions;
  }

  private static String text(List<String> parts) {
    return String.join("; ", parts);
  }

  /** Cut between characters, so that no half of one is sent. */
  private static String bounded(String text) {
    if (text.codePointCount(0, text.length()) <= MAX_CHARACTERS) {
      return text;
    }
    String end = " ... (cut)";
    return text.substring(0, text.offsetByCodePoints(0, MAX_CHARACTERS - end.length())) + end;
  }
}
