package io.taskstorage.taskstore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which assigned cgroup decides for which task, as one look at the tree found it.
 *
 * @param deciders task to the assigned cgroup that it is in, or is nearest above it
 * @param gone assigned cgroups that are not in the tree
 * @param outsideNamespace tasks without a number in this pid namespace
 * @param unreadable what could not be read; where there is any, a task that is missing from this
 *     roster may still be a member
 */
record Roster(
    Map<Integer, CgroupId> deciders,
    Set<CgroupId> gone,
    int outsideNamespace,
    List<TaskFailure> unreadable) {

  static Roster read(Membership membership, Set<CgroupId> assigned) {
    CgroupSnapshot tree = membership.cgroups();
    Map<CgroupId, CgroupId> decidingCgroup = tree.deciders(assigned);
    Set<CgroupId> gone = new HashSet<>(assigned);
    Map<Integer, CgroupId> deciders = new HashMap<>();
    List<TaskFailure> unreadable = new ArrayList<>();
    tree.unreadable().forEach(u -> unreadable.add(failure(u.reason(), u.message())));
    int outside = 0;
    for (Cgroup cgroup : tree.cgroups()) {
      CgroupId decider = decidingCgroup.get(cgroup.id());
      gone.remove(cgroup.id());
      if (decider == null) {
        continue;
      }
      switch (membership.tids(cgroup)) {
        case Membership.Tids.Listed listed -> {
          listed.tids().forEach(tid -> deciders.put(tid, decider));
          outside += listed.outsideNamespace();
        }
        case Membership.Tids.Gone() -> {
          if (assigned.contains(cgroup.id())) {
            gone.add(cgroup.id());
          }
        }
        case Membership.Tids.Unreadable(String reason, String message) ->
            unreadable.add(failure(reason, message));
      }
    }
    if (!unreadable.isEmpty()) {
      gone.clear();
    }
    return new Roster(deciders, gone, outside, unreadable);
  }

  /** Whether absence from this roster means that the task is in no assigned cgroup. */
  boolean isComplete() {
    return unreadable.isEmpty();
  }

  private static TaskFailure failure(String reason, String message) {
    return new TaskFailure(
        java.util.Optional.empty(), reason, message, 0, java.util.OptionalInt.empty());
  }
}
