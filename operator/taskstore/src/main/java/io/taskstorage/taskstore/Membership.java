package io.taskstorage.taskstore;

import io.taskstorage.taskstore.Membership.Tids.Gone;
import io.taskstorage.taskstore.Membership.Tids.Listed;
import io.taskstorage.taskstore.Membership.Tids.Unreadable;
import java.util.List;

/**
 * Which cgroups there are and which tasks are in each: the real tree ({@link CgroupTree}) or a
 * table ({@link EmulatedMembership}). Used by one thread.
 */
public interface Membership {
  /** Every cgroup, parents before children. */
  CgroupSnapshot cgroups();

  /** The tasks directly in one cgroup of the last snapshot. */
  Tids tids(Cgroup cgroup);

  /** What a look at one cgroup gave. */
  sealed interface Tids permits Listed, Gone, Unreadable {
    /**
     * Its live tasks, threads included; zombies are not listed.
     *
     * @param outsideNamespace tasks of it that have no number in this pid namespace
     */
    record Listed(List<Integer> tids, int outsideNamespace) implements Tids {
      public Listed {
        tids = List.copyOf(tids);
      }
    }

    /** It was removed since the snapshot, so it has no tasks. */
    record Gone() implements Tids {}

    /**
     * It could not be read: nothing may be concluded from that.
     *
     * @param reason the name of the errno where it is known, else {@code Unreadable}
     */
    record Unreadable(String reason, String message) implements Tids {}
  }
}
