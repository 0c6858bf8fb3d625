package io.taskstorage.taskstore.inkernel;

/** The names under which the programs' code knows maps. */
final class ProgramMaps {
  /** Hash: cgroup id, u64, to a row: one slot number, u32, for each map. */
  static final String ASSIGNMENTS = "assignments";

  /** Ring buffer of {@link Event}s. */
  static final String EVENTS = "events";

  /** Array of {@link TallyField}s, one element for each program. */
  static final String TALLIES = "tallies";

  private ProgramMaps() {}

  /** The task storage map itself. */
  static String entries(int map) {
    return "entries_" + map;
  }

  /** Array: the value bytes of each slot. */
  static String values(int map) {
    return "values_" + map;
  }
}
