package io.taskstorage.taskstore.inkernel;

import io.taskstorage.layout.Value;
import java.util.List;
import java.util.Optional;

/** Who is told of the rows in a {@link Race}, and must keep tasks in line with them. */
interface RaceRows {
  /** The row of a cgroup: for each map of the race its value, empty for no entry. */
  void assign(long cgroup, List<Optional<Value>> row);

  /** The cgroup has no row of its own. */
  void unassign(long cgroup);

  /** Brings in line what is there; when it returns the rows must be in force everywhere. */
  void sweep();
}
