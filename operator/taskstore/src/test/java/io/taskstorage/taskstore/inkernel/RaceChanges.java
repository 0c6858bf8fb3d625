package io.taskstorage.taskstore.inkernel;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/**
 * Changes the rows of a {@link Race}. Which versions there are stands in the memory alone, so that
 * whoever comes after an agent that was killed goes on from there.
 */
final class RaceChanges {
  private static final Set<RaceCgroup> CHANGING =
      EnumSet.of(RaceCgroup.FIRST, RaceCgroup.SECOND, RaceCgroup.PARTLY, RaceCgroup.INNER);

  private final RaceRows rows;
  private final RaceMemory memory;
  private final Random random;

  RaceChanges(RaceRows rows, RaceMemory memory, Random random) {
    this.rows = rows;
    this.memory = memory;
    this.random = random;
  }

  /** Changes the rows of some cgroups, and brings all in line. */
  void turn(Collection<RaceCgroup> changing) {
    changing.forEach(each -> memory.maybe(each, memory.maybe(each) + 1));
    for (RaceCgroup each : changing) {
      long cgroup = memory.id(each);
      each.row(memory.maybe(each))
          .ifPresentOrElse(row -> rows.assign(cgroup, row), () -> rows.unassign(cgroup));
    }
    rows.sweep();
    changing.forEach(each -> memory.surely(each, memory.maybe(each)));
    memory.add(RaceMemory.Count.TURNS);
  }

  /** A turn of any of the cgroups that change. */
  void anyTurn() {
    turn(CHANGING.stream().filter(_ -> random.nextInt(3) > 0).toList());
  }
}
