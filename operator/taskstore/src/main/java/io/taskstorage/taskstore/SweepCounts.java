package io.taskstorage.taskstore;

/**
 * What a pass found and did in one map. Every entry that was written or removed is counted in
 * exactly one of {@code created}, {@code late}, {@code updated}, {@code foreign} and {@code
 * deleted}.
 *
 * @param tasks tasks that have an entry after the pass
 * @param created entries made because a row came or changed
 * @param updated entries overwritten because a row changed or the task moved
 * @param deleted entries removed because no row wants them
 * @param foreign entries overwritten because somebody else had changed policy-owned bytes
 * @param late entries made for a task that had run without: the row was in force at the last
 *     completed pass, or is new and was overdue; on planes that pass also entries found with
 *     nothing set in them, although the row was in force
 * @param failed tasks that do not have what their row says
 */
public record SweepCounts(
    int tasks, int created, int updated, int deleted, int foreign, int late, int failed) {
  /** Nothing found, nothing done. */
  public static final SweepCounts NONE = new SweepCounts(0, 0, 0, 0, 0, 0, 0);

  /** Entries that were written or removed. */
  public int changes() {
    return created + updated + deleted + foreign + late;
  }
}
