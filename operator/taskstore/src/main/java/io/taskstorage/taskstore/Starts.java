package io.taskstorage.taskstore;

/**
 * How tasks that started in assigned cgroups came to their values, since the programs were loaded
 * first, also while no agent ran. None of them on planes without programs.
 *
 * @param born given their values at birth
 * @param mended given, before they ran, what birth had missed
 * @param refused that ran without: the kernel refused an entry
 */
public record Starts(long born, long mended, long refused) {
  /** None. */
  public static final Starts NONE = new Starts(0, 0, 0);

  /** Together with others. */
  Starts plus(Starts other) {
    return new Starts(born + other.born, mended + other.mended, refused + other.refused);
  }
}
