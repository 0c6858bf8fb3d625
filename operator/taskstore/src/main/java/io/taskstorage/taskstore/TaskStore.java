package io.taskstorage.taskstore;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The kernel data plane of a node: maps, rows and cgroups. Callers say which rows cgroups have;
 * that every task of them carries its entries is the store's business.
 *
 * <p>One writer per node, and every call on the one platform thread that opened the store. Each
 * call is idempotent: after a crash or a refusal the caller states the same again.
 *
 * <p>The order of a change: {@link #install} new maps, {@link #assign} and {@link #unassign} rows,
 * {@link #sweep}, {@link #publish}, {@link #remove}. So a public pin leads to a map that is filled.
 */
public interface TaskStore extends AutoCloseable {
  /** How entries come to tasks here. */
  Plane plane();

  /**
   * Makes the kernel map exist: creates it, adopts the one of an earlier run, or makes one beside
   * an old one of another layout. Public only after {@link #publish}. Where the layout changes, the
   * values that rows hold for this map are forgotten: assign them anew.
   *
   * @throws StoreException if something that is not ours is in the way, or the kernel refuses
   */
  Installation install(StoreMap map);

  /**
   * Puts the pin of an installed map at its public path; replaces only a pin of ours, by rename, so
   * that the path never dangles. What the map replaces is dropped after that.
   *
   * @throws StoreException if something that is not ours is at the path
   * @throws IllegalArgumentException if the map is not installed
   */
  void publish(MapName map);

  /**
   * Ends a map, installed or only remembered from an earlier run; no such map: nothing happens.
   *
   * @param reclaim DELETE unpins it everywhere and forgets it, entries go with its last user;
   *     RETAIN keeps pin and record, and its entries as they are
   */
  void remove(MapName map, Reclaim reclaim);

  /** As {@link #assign(CgroupId, Row, Set)}, with nothing overdue. */
  default void assign(CgroupId cgroup, Row row) {
    assign(cgroup, row, Set.of());
  }

  /**
   * From the next {@link #sweep} on, the tasks of this cgroup, and of those below it without a row
   * of their own, carry this row.
   *
   * @param overdue the maps whose value here ought to have been in force when the cgroup came: an
   *     entry that the sweep has to make in one of them, for a task that has run, is late. Of no
   *     meaning for a value that the row had before
   * @throws IllegalArgumentException if the row names a map that is not installed, or a value is
   *     not of the size of its map's layout
   */
  void assign(CgroupId cgroup, Row row, Set<MapName> overdue);

  /** The cgroup has no row of its own any more. */
  void unassign(CgroupId cgroup);

  /**
   * Brings every task in line with the rows. A plane whose programs an earlier process left in
   * force keeps what they gave in maps that are neither installed nor removed yet; and what another
   * process has taken from programs in force is made again first.
   */
  SweepResult sweep();

  /**
   * The same by a look at the cgroups that was just taken, where a plane needs no more of them than
   * which there are.
   *
   * @param seen the whole tree; what has come or gone since is for the next sweep
   */
  default SweepResult sweep(CgroupSnapshot seen) {
    return sweep();
  }

  /** What {@link #sweep} would do now; changes nothing. */
  SweepResult verify();

  /** How many entries of each installed map were late, since the map was made on this node. */
  Map<MapName, Long> late();

  /**
   * Remembers words with an installed map, in place of those before, for the next process that
   * opens the store: {@link Records#words} tells them. They go with the map, and when it is
   * retained; a plane without pins forgets them.
   *
   * @param words each valid as the name of a file
   */
  void remember(MapName map, Set<String> words);

  /** Who is woken by what the kernel tells, on another thread. */
  interface Wake {
    /** {@link #isSweepDue} has become true. */
    void sweepDue();

    /** It has, and a cgroup was made: tasks may start in it at once. */
    default void cgroupMade() {
      sweepDue();
    }

    /** It has, and there is nothing but cgroups that were removed: no task waits for anything. */
    default void cgroupRemoved() {
      sweepDue();
    }
  }

  /**
   * Has {@code wake} called whenever {@link #isSweepDue} becomes true. Once, before the first
   * sweep. A plane without programs never calls it.
   */
  default void listen(Wake wake) {}

  /**
   * True where the kernel told, since the last sweep began, of something that a look at the cgroups
   * and a sweep have to bring in line: a cgroup came or went, a process of several threads has
   * moved, an entry was refused. Never on a plane without programs: there only time tells.
   */
  default boolean isSweepDue() {
    return false;
  }

  /** How tasks came to their values when they started. */
  default Starts starts() {
    return Starts.NONE;
  }

  /**
   * Every task that has an entry, as the map has it now, in the order of tids.
   *
   * @throws IllegalArgumentException if the map is not installed
   */
  List<Entry> entries(MapName map);

  /**
   * The entries of one map, task by task, as another program would read and write them.
   *
   * @throws IllegalArgumentException if the map is not installed
   */
  EntryAccess access(MapName map);

  /** Releases descriptors and the lock. Pins and their entries stay. */
  @Override
  void close();
}
