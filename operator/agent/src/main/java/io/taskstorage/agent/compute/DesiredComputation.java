package io.taskstorage.agent.compute;

import io.taskstorage.agent.observe.Observed;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.AcceptedSet;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.Subject;
import io.taskstorage.policy.Succession;
import io.taskstorage.policy.Verdict;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.StoreMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a node should hold, from what it observed. Pure. */
public final class DesiredComputation {
  private final Observed observed;
  private final Judgement judgement;
  private final Succession succession;

  private DesiredComputation(Observed observed, Judgement judgement) {
    this.observed = observed;
    this.judgement = judgement;
    this.succession = judgement.succession();
  }

  /**
   * What a process's last computation has found, for its next one to take over what follows from
   * the same: it makes no difference to the result, and holds nothing that the last computation did
   * not need. Not thread-safe.
   */
  public static final class Memory {
    private Optional<Judgement> judgement = Optional.empty();
    private Optional<RowComputation> rows = Optional.empty();

    /** Nothing was computed yet. */
    public Memory() {}

    Optional<Judgement> judgement() {
      return judgement;
    }

    Optional<RowComputation> rows() {
      return rows;
    }
  }

  /**
   * Judges the objects, selects cgroups and resolves values.
   *
   * @param node this node, where no cluster tells of it
   * @param before what was accepted in the turn before
   */
  public static Desired of(Observed observed, NodeFacts node, LastAccepted before) {
    return of(observed, node, before, Optional.empty(), new Memory());
  }

  /**
   * The same, in a process that has seen the node before.
   *
   * @param last what it has seen in the turn before
   * @param memory of the process
   */
  public static Desired of(
      Observed observed,
      NodeFacts node,
      LastAccepted before,
      Optional<Observed> last,
      Memory memory) {
    Judgement judgement = Judgement.of(observed, node, before, memory.judgement);
    memory.judgement = Optional.of(judgement);
    Earlier earlier = new Earlier(judgement.words().among(observed.inForce().policies()), last);
    RowComputation rows =
        RowComputation.of(
            observed.cgroups(), observed.api().cluster(), judgement.rules(), earlier, memory.rows);
    memory.rows = Optional.of(rows);
    return new DesiredComputation(observed, judgement).desired(rows);
  }

  private Desired desired(RowComputation rows) {
    SortedMap<MapName, StoreMap> maps = judgement.maps();
    Map<MapName, Set<String>> inForce = observed.inForce().policies();
    boolean isComplete = observed.api().complete();
    return new Desired(
        maps,
        rows.rows(),
        observed.api().settling()
            ? stillInForce(maps.keySet())
            // A policy that is not known yet is not one that has gone.
            : judgement.words().of(maps.keySet(), isComplete ? Map.of() : inForce),
        held(maps.keySet()),
        isComplete,
        observed.cgroups().unreadable().isEmpty(),
        judged(rows),
        new LastAccepted(succession.accepted()));
  }

  /** With more to come, nothing counts as in force that was not before: half of it may be there. */
  private SortedMap<MapName, Set<String>> stillInForce(Set<MapName> maps) {
    SortedMap<MapName, Set<String>> words = new TreeMap<>(observed.inForce().policies());
    words.keySet().retainAll(maps);
    return words;
  }

  /** Maps whose object is there, refused or not known, and was never accepted by this process. */
  private Set<MapName> held(Set<MapName> wanted) {
    Set<MapName> held = new HashSet<>();
    succession
        .inForce()
        .maps()
        .forEach(
            (name, verdict) -> {
              // A refused object may have a name that no map of the store can have.
              boolean isRefused = verdict instanceof Verdict.Refused<AcceptedMap>;
              observed.inForce().maps().keySet().stream()
                  .filter(
                      known -> isRefused && known.value().equals(name) && !wanted.contains(known))
                  .forEach(held::add);
            });
    observed
        .api()
        .unsupported()
        .forEach(
            object ->
                observed.inForce().maps().keySet().stream()
                    .filter(known -> object.key().equals(Succession.key(known.value())))
                    .filter(known -> !wanted.contains(known))
                    .forEach(held::add));
    return held;
  }

  private List<Judged> judged(RowComputation rows) {
    List<Judged> judged = new ArrayList<>();
    AcceptedSet told = succession.told();
    told.maps()
        .forEach(
            (name, verdict) -> {
              ObjectKey key = Succession.key(name);
              AcceptedMap map = succession.inForce().acceptedMaps().get(name);
              judged.add(
                  new Judged.OfMap(
                      key,
                      verdict,
                      succession.staysEarlier(key),
                      map != null && map.selects(judgement.node())));
            });
    told.policies()
        .forEach(
            (policy, verdict) -> {
              ObjectKey key = Succession.key(policy);
              boolean earlier = succession.staysEarlier(key);
              boolean isUnseen =
                  observed.api().cluster().isEmpty()
                      && verdict
                          instanceof
                          Verdict.Accepted<AcceptedPolicy>(AcceptedPolicy accepted, var _)
                      && accepted.subject() instanceof Subject.Pods;
              judged.add(
                  isUnseen
                      ? new Judged.OfPods(key, verdict, earlier)
                      : new Judged.OfPolicy(key, verdict, earlier, rows.reach(policy)));
            });
    return judged;
  }
}
