package io.taskstorage.taskstore;

import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.layout.Value;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One walk over the tasks of the assigned cgroups.
 *
 * <p>A task is named by a number, and number, task and cgroup part company at any time: it exits
 * and its number is used again, or it moves. So nothing is concluded from one look:
 *
 * <ul>
 *   <li>(A) After a round that wrote anything the tree is read again. A number that is still listed
 *       below the same deciding cgroup was the right task: were the one that was written to gone,
 *       its entry would be gone with it. A number whose decider is another is handled again.
 *   <li>(B) An entry goes only when its task was listed in none of two readings in a row: a task
 *       that moves while the tree is read can be missed by one of them.
 *   <li>(C) Where anything could not be read, nobody loses an entry for being absent.
 *   <li>(D) What is still moving after {@link #MAX_ROUNDS} is left to the next pass, whose ledger
 *       names it.
 * </ul>
 */
final class Pass {
  static final int MAX_ROUNDS = 4;

  private final TaskOpener opener;
  private final Membership membership;
  private final Plan plan;
  private final boolean dryRun;
  private final Tally tally = new Tally();
  private final Ledger after;
  private final Alignment alignment;
  private final Set<Integer> strays = new HashSet<>();
  private final Set<Integer> unreachable = new HashSet<>();
  private boolean complete = true;

  /**
   * What a pass is to bring about.
   *
   * @param rows the rows in force
   * @param inForce the rows as they were at the last completed pass
   * @param overdue of rows that came since, the maps whose value was overdue
   * @param maps the installed maps
   * @param before what the last pass left
   * @param everyTask whether tasks that nothing is known of are looked at too
   */
  record Plan(
      Map<CgroupId, Row> rows,
      Map<CgroupId, Row> inForce,
      Map<CgroupId, Set<MapName>> overdue,
      Collection<ManagedMap> maps,
      Ledger before,
      boolean everyTask) {
    Optional<Value> wanted(CgroupId decider, MapName map) {
      return rows.getOrDefault(decider, Row.EMPTY).value(map);
    }

    Alignment.Since since(CgroupId decider, MapName map) {
      Row then = inForce.get(decider);
      if (then != null && then.value(map).equals(wanted(decider, map))) {
        return Alignment.Since.EARLIER;
      }
      boolean isOverdue = overdue.getOrDefault(decider, Set.of()).contains(map);
      return isOverdue ? Alignment.Since.NOW_OVERDUE : Alignment.Since.NOW;
    }
  }

  /**
   * @param completed whether every task was looked at
   */
  record Outcome(SweepResult result, Ledger after, boolean completed) {}

  Pass(TaskOpener opener, Membership membership, Plan plan, boolean dryRun) {
    this.opener = opener;
    this.membership = membership;
    this.plan = plan;
    this.dryRun = dryRun;
    this.after = Ledger.copyOf(plan.before());
    this.alignment = new Alignment(dryRun, tally, after);
  }

  Outcome run() {
    Roster roster = Roster.read(membership, plan.rows().keySet());
    roster.deciders().forEach(this::align);
    if (roster.isComplete()) {
      findStrays(roster);
    }
    int seen = 0;
    for (int round = 1; round < MAX_ROUNDS; round++) {
      if (strays.isEmpty() && (dryRun || tally.changes() == seen)) {
        break;
      }
      seen = tally.changes();
      Roster again = Roster.read(membership, plan.rows().keySet());
      followUp(roster, again);
      roster = again;
    }
    roster.unreadable().forEach(tally::addFailure);
    return new Outcome(result(roster), after, complete && roster.isComplete());
  }

  /** Handles what differs between two readings of the tree. */
  private void followUp(Roster before, Roster now) {
    strays.removeAll(now.deciders().keySet());
    if (now.isComplete()) {
      strays.forEach(this::clear);
      strays.clear();
    }
    now.deciders()
        .forEach(
            (tid, decider) -> {
              if (!decider.equals(before.deciders().get(tid))) {
                align(tid, decider);
              }
            });
    if (now.isComplete()) {
      Set<Integer> left = new HashSet<>(before.deciders().keySet());
      left.removeAll(now.deciders().keySet());
      left.forEach(this::lookAtStray);
    }
  }

  /** Looks which tasks hold an entry although no assigned cgroup lists them. */
  private void findStrays(Roster roster) {
    Set<Integer> absent = new HashSet<>(after.tids());
    if (plan.everyTask()) {
      for (int pid : ProcFs.pids()) {
        for (int tid : ProcFs.tids(pid)) {
          absent.add(tid);
        }
      }
    }
    absent.removeAll(roster.deciders().keySet());
    absent.forEach(this::lookAtStray);
  }

  private void align(int tid, CgroupId decider) {
    withTask(
        tid,
        map -> plan.wanted(decider, map).isPresent(),
        task -> {
          for (ManagedMap map : plan.maps()) {
            plan.wanted(decider, map.name())
                .ifPresentOrElse(
                    value -> alignment.set(task, map, value, plan.since(decider, map.name())),
                    () -> alignment.clear(task, map));
          }
        });
  }

  private void clear(int tid) {
    withTask(tid, map -> false, task -> plan.maps().forEach(map -> alignment.clear(task, map)));
  }

  private void lookAtStray(int tid) {
    withTask(
        tid,
        map -> false,
        task -> {
          for (ManagedMap map : plan.maps()) {
            if (alignment.hasEntry(task, map)) {
              strays.add(tid);
            }
          }
        });
  }

  private interface WithTask {
    void run(Pidfd task);
  }

  private void withTask(int tid, Predicate<MapName> isWanted, WithTask action) {
    switch (opener.open(tid)) {
      case PidfdResult.Opened(Pidfd task) -> {
        try (task) {
          action.run(task);
        }
      }
      case PidfdResult.Gone() -> after.forget(tid);
      case PidfdResult.ThreadUnsupported() -> unreachable.add(tid);
      case PidfdResult.Refused(var cause) -> {
        complete = false;
        plan.maps().stream()
            .map(ManagedMap::name)
            .filter(map -> isWanted.test(map) || after.get(map, tid).isPresent())
            .forEach(map -> tally.add(map, Tally.Change.FAILED));
        tally.fail(Optional.empty(), tid, cause);
      }
    }
  }

  private SweepResult result(Roster roster) {
    Map<MapName, SweepCounts> counts = new HashMap<>();
    for (ManagedMap map : plan.maps()) {
      counts.put(map.name(), tally.counts(map.name(), after.count(map.name())));
    }
    unreachable.retainAll(roster.deciders().keySet());
    return new SweepResult(
        counts,
        tally.failures(),
        tally.failuresLeftOut(),
        roster.deciders().size(),
        roster.gone().size(),
        roster.outsideNamespace() + unreachable.size());
  }
}
