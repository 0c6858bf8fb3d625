package io.taskstorage.cli.input;

import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.policy.Acceptance;
import io.taskstorage.policy.AcceptanceInput;
import io.taskstorage.policy.AcceptedSet;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.Problem;
import io.taskstorage.policy.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the policy engine says of a set of objects. Pure.
 *
 * @param accepted what is in force
 * @param refusals what is refused, unreadable documents included, in the order of files and lines
 * @param warnings what the authors of accepted objects should know
 */
public record Judgement(AcceptedSet accepted, List<Refusal> refusals, List<Refusal> warnings) {
  private static final Comparator<Refusal> ORDER =
      Comparator.comparing((Refusal each) -> each.problem().place().file())
          .thenComparingInt(each -> each.problem().place().line());

  /**
   * One problem.
   *
   * @param reason the wire word; empty for what is not well-formed and for a warning
   */
  public record Refusal(String reason, FileProblem problem) {

    /** As a compiler would write it. */
    public String line() {
      return problem.toString();
    }

    /** The same for something that is accepted. */
    public String warningLine() {
      return new FileProblem(
              problem.place(), problem.object(), problem.path(), "warning: " + problem.message())
          .toString();
    }
  }

  /** Copies the lists. */
  public Judgement {
    refusals = List.copyOf(refusals);
    warnings = List.copyOf(warnings);
  }

  /** How many objects are in force. */
  public int acceptedObjects() {
    return accepted.acceptedMaps().size() + accepted.acceptedPolicies().size();
  }

  /** How many objects are refused; what cannot be told apart counts by its place. */
  public int refusedObjects() {
    return (int)
        refusals.stream()
            .map(Refusal::problem)
            .map(problem -> problem.object().<Object>map(key -> key).orElse(problem.place()))
            .distinct()
            .count();
  }

  /** This judgement with problems of other objects that count. */
  public Judgement with(List<FileProblem> problems) {
    List<Refusal> all = new ArrayList<>(refusals);
    problems.forEach(problem -> all.add(new Refusal("", problem)));
    all.sort(ORDER);
    return new Judgement(accepted, all, warnings);
  }

  /** Judges all objects together. */
  public static Judgement of(ManifestSet set, Map<String, String> bpfNamesInForce) {
    List<TaskStoragePolicy> policies = set.objects(TaskStoragePolicy.class);
    Map<String, NamespaceFacts> namespaces = new HashMap<>(set.cluster().namespaces());
    policies.stream()
        .map(policy -> policy.getMetadata().getNamespace())
        .forEach(name -> namespaces.computeIfAbsent(name, set.cluster()::namespace));
    AcceptedSet accepted =
        Acceptance.of(
            new AcceptanceInput(
                set.objects(TaskStorageMap.class),
                set.objects(ClusterTaskStoragePolicy.class),
                policies,
                namespaces,
                bpfNamesInForce));
    List<Refusal> refusals = new ArrayList<>();
    List<Refusal> warnings = new ArrayList<>();
    set.problems().forEach(problem -> refusals.add(new Refusal("", problem)));
    accepted
        .maps()
        .forEach(
            (name, verdict) ->
                tell(set, new ObjectKey(TaskStorageMap.KIND, name), verdict, refusals, warnings));
    accepted
        .policies()
        .forEach(
            (key, verdict) -> {
              String kind =
                  key.isCluster() ? ClusterTaskStoragePolicy.KIND : TaskStoragePolicy.KIND;
              tell(
                  set,
                  new ObjectKey(kind, key.namespace(), key.name()),
                  verdict,
                  refusals,
                  warnings);
            });
    refusals.sort(ORDER);
    warnings.sort(ORDER);
    return new Judgement(accepted, refusals, warnings);
  }

  private static void tell(
      ManifestSet set,
      ObjectKey key,
      Verdict<?> verdict,
      List<Refusal> refusals,
      List<Refusal> warnings) {
    Origin origin = set.objects().get(key);
    if (origin == null) {
      throw new IllegalStateException("judge " + key + ": nobody gave it: pass only what was read");
    }
    switch (verdict) {
      case Verdict.Accepted<?> yes ->
          yes.warnings().forEach(text -> warnings.add(new Refusal("", warning(origin, text))));
      case Verdict.Refused<?> no ->
          no.problems()
              .forEach(
                  problem -> refusals.add(new Refusal(no.reason().wire(), at(origin, problem))));
    }
  }

  private static FileProblem at(Origin origin, Problem problem) {
    return new FileProblem(
        origin.placeOf(problem.path()),
        Optional.of(origin.key()),
        problem.path(),
        problem.message());
  }

  /** A warning begins with the path that it is about. */
  private static FileProblem warning(Origin origin, String text) {
    int colon = text.indexOf(": ");
    String path = colon < 0 ? "" : text.substring(0, colon);
    String message = colon < 0 ? text : text.substring(colon + 2);
    return new FileProblem(origin.placeOf(path), Optional.of(origin.key()), path, message);
  }
}
