package io.taskstorage.taskstore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A cgroup tree that exists only in this object, over real processes, for users who cannot make
 * cgroups. A process is where it was moved to, else where its parent is when it is first seen, and
 * stays there; threads are with their process.
 *
 * <p>What it cannot know: a process that loses its parent before the first look after its birth (a
 * double fork) is taken for no member, and threads cannot be apart from their process.
 */
public final class EmulatedMembership implements Membership {
  private static final String ROOT = "/";

  private final TreeMap<String, Cgroup> cgroups = new TreeMap<>();
  private final Map<Integer, Member> members = new HashMap<>();
  private long lastId = 1;

  /** A tree with nothing but its root. */
  public EmulatedMembership() {
    cgroups.put(ROOT, new Cgroup(new CgroupId(lastId), Optional.empty(), ROOT));
  }

  private record Member(long startTicks, CgroupId cgroup) {}

  /**
   * Makes a cgroup, and those above it that are missing; an existing one stays as it is.
   *
   * @param path absolute and normalised, such as "/demo/web"
   */
  public CgroupId mkdir(String path) {
    Cgroup existing = cgroups.get(path);
    if (existing != null) {
      return existing.id();
    }
    if (!path.startsWith("/") || path.endsWith("/") || path.contains("//")) {
      throw new IllegalArgumentException(
          "mkdir " + path + ": not a cgroup path: use an absolute path such as /demo/web");
    }
    int slash = path.lastIndexOf('/');
    CgroupId parent = mkdir(slash == 0 ? ROOT : path.substring(0, slash));
    Cgroup made = new Cgroup(new CgroupId(++lastId), Optional.of(parent), path);
    cgroups.put(path, made);
    return made.id();
  }

  /** Removes a cgroup and all below it; processes that are there are nowhere then. */
  public void rmdir(String path) {
    cgroups.keySet().removeIf(p -> p.equals(path) || p.startsWith(path + "/"));
  }

  /**
   * Moves a process with all its threads.
   *
   * @return false if there is no such process
   * @throws IllegalArgumentException if there is no such cgroup
   */
  public boolean move(int pid, String path) {
    Cgroup target = cgroups.get(path);
    if (target == null) {
      throw new IllegalArgumentException("move " + pid + " to " + path + ": no such cgroup");
    }
    Optional<ProcFs.Stat> stat = ProcFs.stat(pid).filter(s -> !s.isOver());
    stat.ifPresent(s -> members.put(pid, new Member(s.startTicks(), target.id())));
    return stat.isPresent();
  }

  @Override
  public CgroupSnapshot cgroups() {
    adoptChildren();
    // In the order of paths a parent comes before what is below it.
    return new CgroupSnapshot(List.copyOf(cgroups.values()), List.of());
  }

  @Override
  public Tids tids(Cgroup cgroup) {
    if (!cgroup.equals(cgroups.get(cgroup.path()))) {
      return new Tids.Gone();
    }
    List<Integer> tids = new ArrayList<>();
    members.forEach(
        (pid, member) -> {
          if (member.cgroup().equals(cgroup.id())) {
            addLiveThreads(pid, tids);
          }
        });
    return new Tids.Listed(tids, 0);
  }

  private static void addLiveThreads(int pid, List<Integer> tids) {
    boolean leaderLives = ProcFs.stat(pid).filter(s -> !s.isZombie()).isPresent();
    for (int tid : ProcFs.tids(pid)) {
      if (tid != pid || leaderLives) {
        tids.add(tid);
      }
    }
  }

  private void adoptChildren() {
    Map<Integer, ProcFs.Stat> running = new HashMap<>();
    for (int pid : ProcFs.pids()) {
      ProcFs.stat(pid).filter(s -> !s.isOver()).ifPresent(s -> running.put(pid, s));
    }
    members
        .entrySet()
        .removeIf(
            e -> {
              ProcFs.Stat now = running.get(e.getKey());
              return now == null || now.startTicks() != e.getValue().startTicks();
            });
    Set<Integer> looked = new HashSet<>();
    running.values().forEach(stat -> adopt(stat, running, looked));
  }

  /** A process without a place takes its parent's, which is looked at first. */
  private void adopt(ProcFs.Stat stat, Map<Integer, ProcFs.Stat> running, Set<Integer> looked) {
    if (!looked.add(stat.pid()) || members.containsKey(stat.pid())) {
      return;
    }
    ProcFs.Stat parent = running.get(stat.parentPid());
    if (parent == null) {
      return;
    }
    adopt(parent, running, looked);
    Member place = members.get(parent.pid());
    if (place != null) {
      members.put(stat.pid(), new Member(stat.startTicks(), place.cgroup()));
    }
  }
}
