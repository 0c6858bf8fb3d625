package io.taskstorage.taskstore.inkernel;

/**
 * What programs count for each map, each a u64 in the machine's byte order. Counts are in memory,
 * not in registers, where each of them would multiply what the verifier has to look at.
 */
public enum TallyField {
  /** Runs that had a task of an assigned cgroup before them; counted with the first map. */
  RUNS(0),
  /** Tasks that have an entry after a sweep. */
  PRESENT(1),
  /** Entries made. */
  MADE(2),
  /** Entries that a sweep made under a row of an earlier epoch, for a task that had run. */
  LATE(3),
  /** Entries overwritten in place. */
  OVERWRITTEN(4),
  /** Entries that a sweep overwrote under a row of an earlier epoch. */
  FOREIGN(5),
  /** Entries removed. */
  DELETED(6),
  /** Tasks that could not be brought in line. */
  FAILED(7),
  /** Second looks that found something else than the first; counted with the first map. */
  RETRIED(8),
  /** Creations that met another first creator and were tried again. */
  MET(9),
  /** Events for which the ring had no room; counted with the first map. */
  LOST(10),
  /** No count: the epoch of a sweep, which user space sets before it; with the first map. */
  EPOCH(11),
  /** Tasks of assigned cgroups that a sweep met; counted with the first map. */
  IN_ROWS(12),
  /** No count: not 0 once the set is dropped, from when on its programs do nothing. */
  RETIRED(13),
  /**
   * Entries that a sweep made under a row new in its epoch and overdue, for a task that had run.
   */
  OVERDUE(14),
  /** Tasks in cgroups so deep that the walk ended below the root; counted with the first map. */
  TOO_DEEP(15);

  private final int number;

  TallyField(int number) {
    this.number = number;
  }

  /** Bytes of the counts of one map. */
  static final int BYTES = 8 * values().length;

  /** Where it is within the counts of its map. */
  int offset() {
    return 8 * number;
  }

  /** Where the count of this map is within a tally. */
  int offset(int map) {
    return map * BYTES + offset();
  }
}
