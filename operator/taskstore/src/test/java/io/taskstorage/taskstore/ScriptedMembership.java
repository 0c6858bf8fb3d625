package io.taskstorage.taskstore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says of tasks what the test wrote down, reading by reading; the last one is repeated. So a test
 * can let tasks move, go and lose their numbers exactly between two looks.
 */
final class ScriptedMembership implements Membership {
  static final CgroupId A = new CgroupId(10);
  static final CgroupId B = new CgroupId(11);

  private final Deque<Map<Integer, CgroupId>> readings = new ArrayDeque<>();
  private Map<Integer, CgroupId> now = Map.of();
  private Set<CgroupId> unreadable = Set.of();
  private Set<CgroupId> gone = Set.of();
  private int outside;
  private int readingsTaken;

  /** The next readings, one after the other. */
  void next(List<Map<Integer, CgroupId>> next) {
    readings.clear();
    readings.addAll(next);
  }

  /** The same reading from now on. */
  void next(Map<Integer, CgroupId> next) {
    next(List.of(next));
  }

  void next(Map<Integer, CgroupId> first, Map<Integer, CgroupId> second) {
    next(List.of(first, second));
  }

  /** These cgroups cannot be read from now on. */
  void unreadable(CgroupId... cgroups) {
    unreadable = Set.of(cgroups);
  }

  /** These cgroups vanish between the walk and the look at their tasks. */
  void gone(CgroupId... cgroups) {
    gone = Set.of(cgroups);
  }

  /** So many tasks of A have no number here. */
  void outsideNamespace(int tasks) {
    outside = tasks;
  }

  int readingsTaken() {
    return readingsTaken;
  }

  @Override
  public CgroupSnapshot cgroups() {
    readingsTaken++;
    Map<Integer, CgroupId> next = readings.poll();
    now = next == null ? now : next;
    return new CgroupSnapshot(
        List.of(new Cgroup(A, Optional.empty(), "/a"), new Cgroup(B, Optional.empty(), "/b")),
        List.of());
  }

  @Override
  public Tids tids(Cgroup cgroup) {
    if (unreadable.contains(cgroup.id())) {
      return new Tids.Unreadable("EMFILE", "read " + cgroup.path() + ": too many open files");
    }
    if (gone.contains(cgroup.id())) {
      return new Tids.Gone();
    }
    List<Integer> tids = new ArrayList<>();
    now.forEach(
        (tid, in) -> {
          if (in.equals(cgroup.id())) {
            tids.add(tid);
          }
        });
    return new Tids.Listed(tids, cgroup.id().equals(A) ? outside : 0);
  }
}
