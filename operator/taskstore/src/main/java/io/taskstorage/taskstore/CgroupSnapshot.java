package io.taskstorage.taskstore;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The cgroups of a tree as one walk found them: parents before their children.
 *
 * @param cgroups every cgroup found
 * @param unreadable folders that could not be listed; what is below them is not known, so nobody
 *     may conclude that it is gone
 */
public record CgroupSnapshot(List<Cgroup> cgroups, List<Membership.Tids.Unreadable> unreadable) {
  public CgroupSnapshot {
    cgroups = List.copyOf(cgroups);
    unreadable = List.copyOf(unreadable);
  }

  /** Those of all cgroups. */
  public Set<CgroupId> ids() {
    Set<CgroupId> ids = HashSet.newHashSet(cgroups.size());
    cgroups.forEach(cgroup -> ids.add(cgroup.id()));
    return ids;
  }

  /** The cgroup of this path ("/a/b"), if it was there. */
  public Optional<Cgroup> byPath(String path) {
    return cgroups.stream().filter(c -> c.path().equals(path)).findFirst();
  }

  /** The cgroup of this id, if it was there. */
  public Optional<Cgroup> byId(CgroupId id) {
    return cgroups.stream().filter(c -> c.id().equals(id)).findFirst();
  }

  /**
   * For each cgroup that is assigned or lies below an assigned one: which assigned cgroup decides,
   * itself or its nearest ancestor.
   */
  public Map<CgroupId, CgroupId> deciders(Set<CgroupId> assigned) {
    Map<CgroupId, CgroupId> deciders = new HashMap<>();
    for (Cgroup cgroup : cgroups) {
      if (assigned.contains(cgroup.id())) {
        deciders.put(cgroup.id(), cgroup.id());
      } else {
        cgroup.parent().map(deciders::get).ifPresent(decider -> deciders.put(cgroup.id(), decider));
      }
    }
    return deciders;
  }
}
