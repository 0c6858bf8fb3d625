package io.taskstorage.taskstore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one pass over the tasks found and did.
 *
 * @param maps counts of each installed map, and of each that goes on as an earlier process left it
 * @param failures why tasks do not have their values, at most {@link #MAX_FAILURES} rows; the
 *     counts in {@code maps} are complete
 * @param failuresLeftOut rows beyond that bound
 * @param tasks tasks in assigned cgroups
 * @param cgroupsGone cgroups with a row that are no longer there; the row stays until it is
 *     unassigned
 * @param threadsUnreachable tasks in assigned cgroups that cannot be named from here: threads other
 *     than leaders on kernels without PIDFD_THREAD (before 6.9), tasks outside this pid namespace
 * @param restored pins, rows and values of programs that another process had removed or changed,
 *     and that were made again before the pass
 */
public record SweepResult(
    Map<MapName, SweepCounts> maps,
    List<TaskFailure> failures,
    int failuresLeftOut,
    int tasks,
    int cgroupsGone,
    int threadsUnreachable,
    int restored) {
  /** Bound of {@link #failures}. */
  public static final int MAX_FAILURES = 64;

  public SweepResult {
    maps = java.util.Collections.unmodifiableMap(new TreeMap<>(maps));
    failures = List.copyOf(failures);
  }

  /** Where nothing was restored. */
  public SweepResult(
      Map<MapName, SweepCounts> maps,
      List<TaskFailure> failures,
      int failuresLeftOut,
      int tasks,
      int cgroupsGone,
      int threadsUnreachable) {
    this(maps, failures, failuresLeftOut, tasks, cgroupsGone, threadsUnreachable, 0);
  }

  /** This result of a pass before which something was restored. */
  SweepResult with(Guard.Restored made) {
    List<TaskFailure> all = new ArrayList<>(made.failures());
    all.addAll(failures);
    int most = Math.min(all.size(), MAX_FAILURES);
    return new SweepResult(
        maps,
        all.subList(0, most),
        failuresLeftOut + all.size() - most,
        tasks,
        cgroupsGone,
        threadsUnreachable,
        made.count());
  }

  /** The counts of one map; none for a map that is not installed. */
  public SweepCounts counts(MapName map) {
    return maps.getOrDefault(map, SweepCounts.NONE);
  }

  /** Entries written or removed, in all maps. */
  public int changes() {
    return maps.values().stream().mapToInt(SweepCounts::changes).sum();
  }
}
