package io.taskstorage.agent.report;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.Judged;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.Problem;
import io.taskstorage.policy.Verdict;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.TaskFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The conditions of every object after a turn. Pure. */
final class StatusComputation {
  private static final String EARLIER = "; the version accepted before stays in force";

  private final Desired desired;
  private final InForce after;
  private final Map<String, String> failures = new HashMap<>();

  private StatusComputation(Desired desired, InForce after, List<Outcome> outcomes) {
    this.desired = desired;
    this.after = after;
    outcomes.forEach(this::note);
  }

  static List<ObjectStatus> of(Desired desired, InForce after, List<Outcome> outcomes) {
    StatusComputation computation = new StatusComputation(desired, after, outcomes);
    return desired.judged().stream().map(computation::status).toList();
  }

  private void note(Outcome outcome) {
    switch (outcome) {
      case Outcome.Failed(Step.InstallMap step, var problem) ->
          fail(step.map().name(), problem.reason() + ": " + problem.message());
      case Outcome.Failed(Step.PublishMap step, var problem) ->
          fail(step.map(), problem.reason() + ": " + problem.message());
      case Outcome.Failed(Step.RemoveMap step, var problem) ->
          fail(step.map(), problem.reason() + ": " + problem.message());
      case Outcome.Failed(Step.Assign step, var problem) ->
          step.maps().forEach(map -> fail(map, problem.reason() + ": " + problem.message()));
      case Outcome.Failed(Step.Sweep _, var problem) ->
          after
              .maps()
              .keySet()
              .forEach(map -> fail(map, problem.reason() + ": " + problem.message()));
      case Outcome.Done(Step.Sweep _, Outcome.Effect.Swept(var result)) ->
          result.failures().forEach(this::note);
      case Outcome.Done _, Outcome.Failed _, Outcome.Skipped _ -> {}
    }
  }

  private void note(TaskFailure failure) {
    String whose = failure.tasks() == 0 ? "tasks may be" : failure.tasks() + " tasks are";
    String sentence =
        "%s without their value: %s: %s".formatted(whose, failure.reason(), failure.message());
    failure
        .map()
        .ifPresentOrElse(
            map -> fail(map, sentence),
            () -> after.maps().keySet().forEach(map -> fail(map, sentence)));
  }

  private void fail(MapName map, String sentence) {
    failures.putIfAbsent(map.value(), sentence);
  }

  private ObjectStatus status(Judged judged) {
    return switch (judged) {
      case Judged.OfMap(var key, var verdict, var earlier, var selectsNode) ->
          switch (verdict) {
            case Verdict.Refused<AcceptedMap>(var reason, var problems) ->
                refused(key, reason, problems, earlier);
            case Verdict.Accepted<AcceptedMap>(var map, var warnings) ->
                map(key, map, String.join("; ", warnings), selectsNode);
          };
      case Judged.OfPolicy(var key, var verdict, var earlier, var reach) ->
          switch (verdict) {
            case Verdict.Refused<AcceptedPolicy>(var reason, var problems) ->
                refused(key, reason, problems, earlier);
            case Verdict.Accepted<AcceptedPolicy>(var policy, var warnings) ->
                policy(key, policy, String.join("; ", warnings), reach);
          };
      case Judged.OfPods(var key, var verdict, var earlier) ->
          switch (verdict) {
            case Verdict.Refused<AcceptedPolicy>(var reason, var problems) ->
                refused(key, reason, problems, earlier);
            case Verdict.Accepted<AcceptedPolicy>(var _, var warnings) ->
                ObjectStatus.accepted(
                    key,
                    String.join("; ", warnings),
                    Reason.NO_MATCH,
                    "subject.pods selects nothing here: only an agent in a cluster knows pods");
          };
    };
  }

  private static ObjectStatus refused(
      ObjectKey key, Reason reason, List<Problem> problems, boolean earlierStays) {
    String more = problems.size() > 1 ? " (and %d more)".formatted(problems.size() - 1) : "";
    return ObjectStatus.refused(
        key, reason, problems.getFirst() + more + (earlierStays ? EARLIER : ""));
  }

  private ObjectStatus map(ObjectKey key, AcceptedMap map, String warnings, boolean selectsNode) {
    if (!selectsNode) {
      return ObjectStatus.accepted(
          key, warnings, Reason.NO_MATCH, "nodeSelector does not take this node");
    }
    String failure = failures.get(map.name());
    if (failure != null) {
      return ObjectStatus.accepted(key, warnings, Reason.NODES_FAILED, failure);
    }
    if (isHeld(map.name())) {
      return ObjectStatus.accepted(key, warnings, Reason.RECONCILING, held());
    }
    return ObjectStatus.accepted(
        key,
        warnings,
        Reason.PROGRAMMED,
        "value of %d bytes, bpfName %s".formatted(map.layout().sizeBytes(), map.bpfName()));
  }

  private ObjectStatus policy(
      ObjectKey key, AcceptedPolicy policy, String warnings, Judged.Reach reach) {
    String failure = failures.get(policy.map());
    if (failure != null) {
      return ObjectStatus.accepted(
          key, warnings, Reason.NODES_FAILED, "map " + policy.map() + ": " + failure);
    }
    if (isHeld(policy.map())) {
      return ObjectStatus.accepted(key, warnings, Reason.RECONCILING, held());
    }
    if (!desired.maps().containsKey(new MapName(policy.map()))) {
      return ObjectStatus.accepted(
          key,
          warnings,
          Reason.NO_MATCH,
          "nodeSelector of map " + policy.map() + " does not take this node");
    }
    if (reach.cgroups() == 0) {
      return ObjectStatus.accepted(
          key, warnings, Reason.NO_MATCH, "no cgroup of this node is selected at present");
    }
    String cgroups = reach.cgroups() == 1 ? "1 cgroup" : reach.cgroups() + " cgroups";
    String overridden = String.join(", ", reach.overridden());
    if (reach.decided().isEmpty()) {
      return ObjectStatus.accepted(
          key, warnings, Reason.OVERRIDDEN, cgroups + "; decided by others: " + overridden);
    }
    return overridden.isEmpty()
        ? ObjectStatus.accepted(key, warnings, Reason.PROGRAMMED, cgroups)
        : ObjectStatus.accepted(
            key,
            warnings,
            Reason.PARTIALLY_PROGRAMMED,
            cgroups + "; decided by others: " + overridden);
  }

  /** True for a map of an earlier run that waits until every object is known. */
  private boolean isHeld(String map) {
    return Optional.ofNullable(after.maps().get(new MapName(map)))
        .filter(known -> !known.installed())
        .isPresent();
  }

  private static String held() {
    return "stays as an earlier run left it until every manifest can be read";
  }
}
