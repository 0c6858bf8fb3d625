package io.taskstorage.agent.report;

import io.taskstorage.taskstore.SweepCounts;
import io.taskstorage.taskstore.SweepResult;

/**
 * Counts for the summary.
 *
 * @param maps in force
 * @param policies in force
 * @param cgroups with a row of their own
 * @param tasks entries that there are now, over all maps
 * @param written entries written since the start
 * @param late of these, written after the task had run for a while without
 * @param foreign of these, written because somebody else had changed them
 * @param deleted entries deleted since the start
 * @param failed tasks without their value now
 */
public record Totals(
    int maps,
    int policies,
    int cgroups,
    int tasks,
    long written,
    long late,
    long foreign,
    long deleted,
    int failed) {

  /** Nothing yet. */
  public static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** These totals after a sweep. */
  Totals plus(SweepResult swept) {
    Totals sum = new Totals(maps, policies, cgroups, 0, written, late, foreign, deleted, 0);
    for (SweepCounts counts : swept.maps().values()) {
      sum =
          new Totals(
              maps,
              policies,
              cgroups,
              sum.tasks + counts.tasks(),
              sum.written + counts.created() + counts.updated() + counts.late() + counts.foreign(),
              sum.late + counts.late(),
              sum.foreign + counts.foreign(),
              sum.deleted + counts.deleted(),
              sum.failed + counts.failed());
    }
    return sum;
  }

  /** These totals with other objects in force. */
  Totals with(int mapsNow, int policiesNow, int cgroupsNow) {
    return new Totals(
        mapsNow, policiesNow, cgroupsNow, tasks, written, late, foreign, deleted, failed);
  }

  /** {@code 1 map, 2 policies, 3 cgroups, 40 entries}, then what is out of the ordinary. */
  public String text() {
    String text =
        "%s, %s, %s, %s"
            .formatted(
                count(maps, "map", "maps"),
                count(policies, "policy", "policies"),
                count(cgroups, "cgroup", "cgroups"),
                count(tasks, "entry", "entries"));
    return text
        + (late == 0 ? "" : ", " + late + " late")
        + (foreign == 0 ? "" : ", " + foreign + " foreign")
        + (failed == 0 ? "" : ", " + failed + " failed");
  }

  private static String count(int number, String one, String several) {
    return number + " " + (number == 1 ? one : several);
  }
}
