package io.taskstorage.cli.input;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.policy.AcceptedSet;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.Problem;
import io.taskstorage.policy.Succession;
import io.taskstorage.policy.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the policy engine says of a set of objects. Pure.
 *
 * @param succession the verdicts, and what is in force in spite of them
 * @param refusals what is refused, unreadable documents included, in the order of files and lines
 * @param warnings what the authors of accepted objects should know
 */
public record Judgement(Succession succession, List<Refusal> refusals, List<Refusal> warnings) {
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

  /** What is in force. */
  public AcceptedSet accepted() {
    return succession.inForce();
  }

  /** The versions that are in force. */
  public Map<ObjectKey, HasMetadata> objectsInForce() {
    return succession.accepted();
  }

  /** Objects that are refused as written while the version accepted before stays in force. */
  public SortedSet<ObjectKey> staying() {
    return new TreeSet<>(succession.earlier());
  }

  /** How many objects are accepted as written. */
  public int acceptedObjects() {
    AcceptedSet accepted = succession.told();
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
    return new Judgement(succession, all, warnings);
  }

  /** Judges all objects together, none of which was there before. */
  public static Judgement of(ManifestSet set) {
    return of(set, Map.of(), Map.of());
  }

  /**
   * Judges all objects together, of a cluster whose nodes hold some already.
   *
   * @param before the versions that were accepted last; one that a refused edit follows stays in
   *     force
   */
  public static Judgement of(
      ManifestSet set, Map<ObjectKey, HasMetadata> before, Map<String, String> bpfNamesInForce) {
    Map<String, NamespaceFacts> namespaces = new HashMap<>(set.cluster().namespaces());
    set.objects(TaskStoragePolicy.class).stream()
        .map(policy -> policy.getMetadata().getNamespace())
        .forEach(name -> namespaces.computeIfAbsent(name, set.cluster()::namespace));
    Map<ObjectKey, HasMetadata> written = new HashMap<>();
    set.objects().forEach((key, origin) -> written.put(key, origin.object()));
    Succession succession = Succession.of(written, before, namespaces, bpfNamesInForce);
    AcceptedSet told = succession.told();
    List<Refusal> refusals = new ArrayList<>();
    List<Refusal> warnings = new ArrayList<>();
    set.problems().forEach(problem -> refusals.add(new Refusal("", problem)));
    told.maps()
        .forEach((name, verdict) -> tell(set, Succession.key(name), verdict, refusals, warnings));
    told.policies()
        .forEach((key, verdict) -> tell(set, Succession.key(key), verdict, refusals, warnings));
    refusals.sort(ORDER);
    warnings.sort(ORDER);
    return new Judgement(succession, refusals, warnings);
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
