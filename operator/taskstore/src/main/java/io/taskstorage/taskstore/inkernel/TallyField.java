package io.taskstorage.taskstore.inkernel;

/**
 * What programs count, each a u64 in the machine's byte order. Counts are in memory, not in
 * registers, where each of them would multiply what the verifier has to look at.
 */
enum TallyField {
  /** Runs that had a task of an assigned cgroup before them. */
  RUNS(0),
  /** Entries made. */
  MADE(1),
  /** Of these, for a task that had not run yet. */
  MADE_NEW(2),
  /** Entries overwritten in place. */
  OVERWRITTEN(3),
  /** Entries removed. */
  DELETED(4),
  /**
   * Tasks that could not be brought in line: one for each map, or for a task that never stood
   * still.
   */
  FAILED(5),
  /** Second looks that found something else than the first. */
  RETRIED(6),
  /** Creations that met another first creator and were tried again. */
  MET(7),
  /** Events for which the ring had no room. */
  LOST(8);

  private final int number;

  TallyField(int number) {
    this.number = number;
  }

  /** Bytes of a whole tally. */
  static final int BYTES = 8 * values().length;

  /** Where it is within a tally. */
  int offset() {
    return 8 * number;
  }
}
