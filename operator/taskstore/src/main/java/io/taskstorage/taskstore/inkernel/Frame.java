package io.taskstorage.taskstore.inkernel;

/** Where the programs keep what no register holds, counted from the end of their frame. */
final class Frame {
  /** u64: the id of the cgroup that is looked up. */
  static final int CGROUP_ID = -8;

  /** u32: the number of the slot or counter that is looked up. */
  static final int INDEX = -12;

  /** u32: the state of the task before its entry was looked for. */
  static final int STATE = -16;

  /** A pointer: what this run counts in. */
  static final int TALLY = -24;

  /** u64: rounds that are left. */
  static final int ROUNDS = -32;

  /** u64: a word that is there to be added to, for the barrier that comes with it. */
  static final int BARRIER = -40;

  /** A pointer: the row that was found, or NULL. */
  static final int ROW = -48;

  /** u64: how many threads have moved together, 0 where one has moved by itself. */
  static final int MOVED = -56;

  private static final int SLOTS = -60;

  private Frame() {}

  /** u32: the slot of a map, as the row had it. */
  static int slot(int map) {
    return SLOTS - 4 * map;
  }
}
