package io.taskstorage.agent.report;

import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.execute.Outcome.Effect;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Place;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.policy.Explanation;
import io.taskstorage.taskstore.Installation;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.SweepCounts;
import io.taskstorage.taskstore.TaskFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lines for programs: one JSON object each. {@code event} says which kind; names and values are
 * API, added to and never changed.
 */
public final class LineJson {
  private LineJson() {}

  /** The properties of one line, in order. */
  public static Map<String, Object> of(Line line) {
    return switch (line) {
      case Line.ProblemFound(var problem) -> problem("Problem", problem);
      case Line.ProblemMended(var problem) -> problem("Mended", problem);
      case Line.Noticed(var notice) -> {
        Map<String, Object> json = event("Notice");
        place(json, notice.place());
        json.put("message", notice.message());
        yield json;
      }
      case Line.Stepped(var outcome) -> step(outcome);
      case Line.Swept(var map, var counts) -> swept(map, counts);
      case Line.Warned(var message) -> message("Warning", message);
      case Line.Unreadable(var message) -> message("Unreadable", message);
      case Line.ReadableAgain(var message) -> message("ReadableAgain", message);
      case Line.TasksFailed(var failure) -> tasks("TasksFailed", failure);
      case Line.TasksMended(var failure) -> tasks("TasksMended", failure);
      case Line.StatusChanged(var status) -> status(status);
      case Line.ObjectGone(var key) -> object(event("Gone"), key);
    };
  }

  private static Map<String, Object> event(String event) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("event", event);
    return json;
  }

  private static Map<String, Object> message(String event, String message) {
    Map<String, Object> json = event(event);
    json.put("message", message);
    return json;
  }

  private static Map<String, Object> object(Map<String, Object> json, ObjectKey key) {
    json.put("kind", key.kind());
    if (!key.namespace().isEmpty()) {
      json.put("namespace", key.namespace());
    }
    if (!key.namespace().isEmpty()) {
      json.put("namespace", key.namespace());
    }
    json.put("name", key.name());
    return json;
  }

  private static void place(Map<String, Object> json, Place place) {
    json.put("file", place.file());
    if (place.line() > 0) {
      json.put("line", place.line());
    }
  }

  private static Map<String, Object> problem(String event, FileProblem problem) {
    Map<String, Object> json = event(event);
    place(json, problem.place());
    problem.object().ifPresent(key -> object(json, key));
    if (!problem.path().isEmpty()) {
      json.put("path", problem.path());
    }
    json.put("message", problem.message());
    return json;
  }

  private static Map<String, Object> step(Outcome outcome) {
    Map<String, Object> json = event("Step");
    step(json, outcome.step());
    switch (outcome) {
      case Outcome.Done(var _, var effect) -> {
        json.put("outcome", "Done");
        effect(json, effect);
      }
      case Outcome.Failed(var _, var problem) -> {
        json.put("outcome", "Failed");
        json.put("reason", problem.reason());
        json.put("message", problem.message());
      }
      case Outcome.Skipped(var _, var because) -> {
        json.put("outcome", "Skipped");
        json.put("message", because);
      }
    }
    return json;
  }

  private static void step(Map<String, Object> json, Step step) {
    switch (step) {
      case Step.InstallMap(var map) -> {
        json.put("step", "InstallMap");
        json.put("map", map.name().value());
        json.put("bpfName", map.bpfName().value());
        json.put("valueBytes", map.layout().sizeBytes());
      }
      case Step.PublishMap(var map, var bpfName) -> {
        json.put("step", "PublishMap");
        json.put("map", map.value());
        json.put("bpfName", bpfName.value());
      }
      case Step.RemoveMap(var map, var bpfName, var reclaim) -> {
        json.put("step", "RemoveMap");
        json.put("map", map.value());
        json.put("bpfName", bpfName.value());
        json.put("reclaimPolicy", Step.word(reclaim));
      }
      case Step.Assign(var wanted) -> {
        json.put("step", "Assign");
        json.put("cgroup", wanted.cgroup().path());
        json.put("cgroupId", wanted.cgroup().id().value());
        Map<String, Object> values = new LinkedHashMap<>();
        wanted.fields().forEach((map, texts) -> values.put(map.value(), texts));
        json.put("values", values);
        Map<String, Object> deciders = new LinkedHashMap<>();
        wanted
            .explanations()
            .forEach((map, explanations) -> deciders.put(map.value(), deciders(explanations)));
        json.put("decidedBy", deciders);
      }
      case Step.Unassign(var cgroup) -> {
        json.put("step", "Unassign");
        json.put("cgroup", cgroup.path());
        json.put("cgroupId", cgroup.id().value());
      }
      case Step.Sweep _ -> json.put("step", "Sweep");
    }
  }

  /** Which policy decides each field; a field that nobody sets is left out. */
  private static Map<String, String> deciders(List<Explanation> explanations) {
    Map<String, String> deciders = new LinkedHashMap<>();
    for (Explanation explanation : explanations) {
      explanation
          .winner()
          .ifPresent(winner -> deciders.put(explanation.field(), winner.policy().toString()));
    }
    return deciders;
  }

  private static void effect(Map<String, Object> json, Effect effect) {
    switch (effect) {
      case Effect.AsPlanned _, Effect.Swept _ -> {}
      case Effect.Installed(Installation.Created _) -> json.put("installation", "Created");
      case Effect.Installed(Installation.Adopted _) -> json.put("installation", "Adopted");
      case Effect.Installed(Installation.Replaced(var digest, var differences)) -> {
        json.put("installation", "Replaced");
        json.put("oldDigest", digest);
        json.put("differences", differences);
      }
      case Effect.AssignedWithout(var maps) ->
          json.put("without", maps.stream().map(MapName::value).toList());
    }
  }

  private static Map<String, Object> swept(MapName map, SweepCounts counts) {
    Map<String, Object> json = event("Swept");
    json.put("map", map.value());
    json.put("tasks", counts.tasks());
    json.put("created", counts.created());
    json.put("updated", counts.updated());
    json.put("deleted", counts.deleted());
    json.put("late", counts.late());
    json.put("foreign", counts.foreign());
    json.put("failed", counts.failed());
    return json;
  }

  private static Map<String, Object> tasks(String event, TaskFailure failure) {
    Map<String, Object> json = event(event);
    failure.map().ifPresent(map -> json.put("map", map.value()));
    json.put("reason", failure.reason());
    json.put("message", failure.message());
    json.put("tasks", failure.tasks());
    failure.exampleTid().ifPresent(tid -> json.put("exampleTid", tid));
    return json;
  }

  private static Map<String, Object> status(ObjectStatus status) {
    Map<String, Object> json = object(event("Status"), status.key());
    json.put("conditions", status.conditions().stream().map(LineJson::condition).toList());
    return json;
  }

  private static Map<String, Object> condition(Condition condition) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", String.valueOf(condition.type()));
    json.put("status", String.valueOf(condition.status()));
    json.put("reason", String.valueOf(condition.reason()));
    json.put("message", String.valueOf(condition.message()));
    return json;
  }

  /** The totals, for the summary. */
  public static Map<String, Object> of(Totals totals) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("maps", totals.maps());
    json.put("policies", totals.policies());
    json.put("cgroups", totals.cgroups());
    json.put("entries", totals.tasks());
    json.put("written", totals.written());
    json.put("late", totals.late());
    json.put("foreign", totals.foreign());
    json.put("deleted", totals.deleted());
    json.put("failed", totals.failed());
    return json;
  }
}
