package io.taskstorage.taskstore;

import io.taskstorage.taskstore.inkernel.NodePrograms;
import io.taskstorage.taskstore.inkernel.TallyField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What several walks of programs did together: changes add up, what is there the last one says. */
final class WalkSum {
  /** Word for what programs do not learn the errno of. */
  static final String ENTRY_REFUSED = "EntryRefused";

  /** Word for tasks whose row, if there is one, the programs do not reach. */
  static final String CGROUP_TOO_DEEP = "CgroupTooDeep";

  private static final Set<TallyField> CHANGES =
      Set.of(
          TallyField.MADE,
          TallyField.LATE,
          TallyField.OVERDUE,
          TallyField.OVERWRITTEN,
          TallyField.FOREIGN,
          TallyField.DELETED);

  private final List<MapName> maps;
  private final boolean isMoved;
  private final List<Map<TallyField, Long>> sum = new ArrayList<>();

  /**
   * Of no walk yet.
   *
   * @param maps of the set, in its order
   * @param isMoved tasks may have what was right a moment ago elsewhere, since a row that decided
   *     for them went, or their process moved: nothing counts as late or foreign but what is
   *     overdue
   */
  WalkSum(List<MapName> maps, boolean isMoved) {
    this.maps = List.copyOf(maps);
    this.isMoved = isMoved;
  }

  /**
   * One walk more.
   *
   * @param walk what it did in each map
   * @return true if it changed anything
   */
  boolean add(List<Map<TallyField, Long>> walk) {
    for (int i = 0; i < walk.size(); i++) {
      Map<TallyField, Long> of = new HashMap<>(walk.get(i));
      if (i < sum.size()) {
        Map<TallyField, Long> before = sum.get(i);
        CHANGES.forEach(field -> of.merge(field, before.getOrDefault(field, 0L), Long::sum));
        sum.set(i, of);
      } else {
        sum.add(of);
      }
    }
    return walk.stream()
        .anyMatch(of -> CHANGES.stream().anyMatch(field -> of.getOrDefault(field, 0L) != 0));
  }

  /**
   * All of it.
   *
   * @param cgroupsGone as {@link SweepResult#cgroupsGone}
   * @param leftOut cgroups whose row found no room
   */
  SweepResult result(int cgroupsGone, Set<CgroupId> leftOut) {
    Map<MapName, SweepCounts> counts = new HashMap<>();
    List<TaskFailure> failures = new ArrayList<>();
    for (int i = 0; i < sum.size(); i++) {
      SweepCounts of = counts(sum.get(i));
      counts.put(maps.get(i), of);
      if (of.failed() > 0) {
        failures.add(failure(maps.get(i), of.failed()));
      }
    }
    int tooDeep = sum.isEmpty() ? 0 : count(sum.getFirst(), TallyField.TOO_DEEP);
    if (tooDeep > 0) {
      failures.add(tooDeep(tooDeep));
    }
    leftOut.stream()
        .map(StoreProblem.TooManyValues::new)
        .map(
            problem ->
                new TaskFailure(
                    Optional.empty(), problem.reason(), problem.message(), 0, OptionalInt.empty()))
        .limit(1)
        .forEach(failures::add);
    int tasks = sum.isEmpty() ? 0 : count(sum.getFirst(), TallyField.IN_ROWS);
    int most = Math.min(failures.size(), SweepResult.MAX_FAILURES);
    return new SweepResult(
        counts, failures.subList(0, most), failures.size() - most, tasks, cgroupsGone, 0);
  }

  private static TaskFailure failure(MapName map, int tasks) {
    return new TaskFailure(
        Optional.of(map),
        ENTRY_REFUSED,
        "keep tasks in line with map "
            + map
            + ": the kernel refuses entries: they are charged to the memory cgroup of the agent,"
            + " so raise its memory.max; it is tried again",
        tasks,
        OptionalInt.empty());
  }

  private static TaskFailure tooDeep(int tasks) {
    return new TaskFailure(
        Optional.empty(),
        CGROUP_TOO_DEEP,
        "find the rows of tasks: their cgroups are more than %d levels below the root and below any"
                .formatted(NodePrograms.MAX_LEVELS)
            + " cgroup with a row: let a policy select one that is nearer, or nest cgroups less"
            + " deeply; it is looked at again",
        tasks,
        OptionalInt.empty());
  }

  private SweepCounts counts(Map<TallyField, Long> tally) {
    int foreign = count(tally, TallyField.FOREIGN);
    int late = count(tally, TallyField.LATE);
    return new SweepCounts(
        count(tally, TallyField.PRESENT),
        count(tally, TallyField.MADE) + (isMoved ? late : 0),
        count(tally, TallyField.OVERWRITTEN) + (isMoved ? foreign : 0),
        count(tally, TallyField.DELETED),
        isMoved ? 0 : foreign,
        count(tally, TallyField.OVERDUE) + (isMoved ? 0 : late),
        count(tally, TallyField.FAILED));
  }

  private static int count(Map<TallyField, Long> tally, TallyField field) {
    return Math.toIntExact(tally.getOrDefault(field, 0L));
  }
}
