package io.taskstorage.agent.report;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.Judged;
import io.taskstorage.agent.execute.Execution;
import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.observe.FileNotice;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.manifest.Place;
import io.taskstorage.policy.Problem;
import io.taskstorage.policy.Verdict;
import io.taskstorage.taskstore.StoreProblem;
import io.taskstorage.taskstore.SweepResult;
import io.taskstorage.taskstore.TaskFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Tells what is new against what stood before. Used once. */
final class ReportComputation {
  private static final String PODS = "spec.subject.pods";
  private static final String UNSEEN =
      ": %s: selects nothing where no cluster tells of pods".formatted(PODS);

  /** BPF_LOCAL_STORAGE_CACHE_SIZE of include/linux/bpf_local_storage.h. */
  private static final int CACHED_MAPS = 16;

  private final Standing before;
  private final List<Line> lines = new ArrayList<>();
  private final Set<String> refusals = new HashSet<>();
  private Optional<SweepResult> swept = Optional.empty();

  ReportComputation(Standing before) {
    this.before = before;
  }

  Report of(Observed observed, Desired desired, Execution execution) {
    List<FileProblem> problems = problems(observed, desired);
    List<String> unreadable = unreadable(observed);
    changes(before.problems(), problems, Line.ProblemFound::new, Line.ProblemMended::new);
    changes(before.unreadable(), unreadable, Line.Unreadable::new, Line.ReadableAgain::new);
    List<FileNotice> notices = notices(observed, desired);
    notices.stream()
        .filter(notice -> !before.notices().contains(notice))
        .forEach(notice -> lines.add(new Line.Noticed(notice)));
    execution.outcomes().forEach(this::outcome);
    List<String> warnings = warnings(execution.inForce());
    warnings.stream()
        .filter(warning -> !before.warnings().contains(warning))
        .forEach(warning -> lines.add(new Line.Warned(warning)));
    SortedMap<ObjectKey, ObjectStatus> statuses = new TreeMap<>();
    StatusComputation.of(desired, execution.inForce(), execution.outcomes())
        .forEach(status -> statuses.put(status.key(), status));
    statuses(desired, statuses);
    Standing after =
        new Standing(
            problems,
            notices,
            warnings,
            unreadable,
            refusals,
            swept.map(SweepResult::failures).orElse(before.failures()),
            statuses,
            totals(desired, execution));
    return new Report(lines, after);
  }

  Report ofEnd(Execution execution) {
    execution.outcomes().forEach(this::outcome);
    return new Report(
        lines,
        new Standing(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            refusals,
            List.of(),
            new TreeMap<>(),
            before.totals()));
  }

  /** What the folder's files and the policy engine refuse, each with its file and line. */
  private static List<FileProblem> problems(Observed observed, Desired desired) {
    List<FileProblem> problems = new ArrayList<>(observed.api().problems());
    for (Judged judged : desired.judged()) {
      if (judged.verdict() instanceof Verdict.Refused<?>(var _, List<Problem> found)) {
        Optional<Origin> origin = Optional.ofNullable(observed.api().objects().get(judged.key()));
        for (Problem problem : found) {
          Place place = origin.map(o -> o.placeOf(problem.path())).orElse(new Place("", 0));
          problems.add(
              new FileProblem(place, Optional.of(judged.key()), problem.path(), problem.message()));
        }
      }
    }
    return problems;
  }

  /** What is passed over, and what authors of accepted objects should know all the same. */
  private static List<FileNotice> notices(Observed observed, Desired desired) {
    List<FileNotice> notices = new ArrayList<>(observed.api().notices());
    for (Judged judged : desired.judged()) {
      Origin origin = observed.api().objects().get(judged.key());
      if (origin != null && judged.verdict() instanceof Verdict.Accepted<?>(var _, var warnings)) {
        for (String warning : warnings) {
          Place place = origin.placeOf(warning.substring(0, Math.max(0, warning.indexOf(": "))));
          notices.add(new FileNotice(place, judged.key() + ": " + warning));
        }
        if (judged instanceof Judged.OfPods) {
          notices.add(new FileNotice(origin.placeOf(PODS), judged.key() + UNSEEN));
        }
      }
    }
    return notices;
  }

  /** The same text however many there are: it is told once, not with every further map. */
  private static List<String> warnings(InForce inForce) {
    return inForce.maps().size() <= CACHED_MAPS
        ? List.of()
        : List.of(
            "more than "
                + CACHED_MAPS
                + " maps are in force: the kernel caches "
                + CACHED_MAPS
                + " for each task, and every program's lookup gets slower beyond that: declare one"
                + " map with many fields in place of many maps");
  }

  private static List<String> unreadable(Observed observed) {
    List<String> unreadable = new ArrayList<>();
    observed.unreadable().map(StoreProblem::message).ifPresent(unreadable::add);
    observed.cgroups().unreadable().forEach(part -> unreadable.add(part.message()));
    return unreadable;
  }

  private <T> void changes(
      Collection<T> then, Collection<T> now, Function<T, Line> found, Function<T, Line> mended) {
    now.stream().filter(each -> !then.contains(each)).map(found).forEach(lines::add);
    then.stream().filter(each -> !now.contains(each)).map(mended).forEach(lines::add);
  }

  private void outcome(Outcome outcome) {
    switch (outcome) {
      case Outcome.Done(Step.Sweep _, Outcome.Effect.Swept(SweepResult result)) -> sweep(result);
      case Outcome.Done _ -> lines.add(new Line.Stepped(outcome));
      case Outcome.Failed _, Outcome.Skipped _ -> {
        Line line = new Line.Stepped(outcome);
        String text = LineText.of(line);
        if (refusals.add(text) && !before.refusals().contains(text)) {
          lines.add(line);
        }
      }
    }
  }

  private void sweep(SweepResult result) {
    swept = Optional.of(result);
    result
        .maps()
        .forEach(
            (map, counts) -> {
              if (counts.changes() > 0) {
                lines.add(new Line.Swept(map, counts));
              }
            });
    result.failures().stream()
        .filter(failure -> before.failures().stream().noneMatch(known -> isSame(known, failure)))
        .forEach(failure -> lines.add(new Line.TasksFailed(failure)));
    before.failures().stream()
        .filter(known -> result.failures().stream().noneMatch(failure -> isSame(known, failure)))
        .forEach(known -> lines.add(new Line.TasksMended(known)));
  }

  /** The same cause; how many tasks it hits changes with every sweep. */
  private static boolean isSame(TaskFailure one, TaskFailure other) {
    return one.map().equals(other.map()) && one.reason().equals(other.reason());
  }

  /** In the order of judgement: maps before the policies that are for them. */
  private void statuses(Desired desired, SortedMap<ObjectKey, ObjectStatus> now) {
    for (Judged judged : desired.judged()) {
      ObjectStatus status = now.get(judged.key());
      if (status != null && !status.equals(before.statuses().get(judged.key()))) {
        lines.add(new Line.StatusChanged(status));
      }
    }
    before.statuses().keySet().stream()
        .filter(key -> !now.containsKey(key))
        .forEach(key -> lines.add(new Line.ObjectGone(key)));
  }

  private Totals totals(Desired desired, Execution execution) {
    Totals sum = swept.map(before.totals()::plus).orElse(before.totals());
    int policies =
        (int)
            desired.judged().stream()
                .filter(judged -> !(judged instanceof Judged.OfMap))
                .filter(judged -> judged.earlierStays() || isAccepted(judged.verdict()))
                .count();
    return sum.with(desired.maps().size(), policies, execution.inForce().rows().size());
  }

  private static boolean isAccepted(Verdict<?> verdict) {
    return verdict instanceof Verdict.Accepted<?>;
  }
}
